"""The workbench of JupyterLab and the file to send: :class:`perfeval.workbench.bench.Workbench`."""
