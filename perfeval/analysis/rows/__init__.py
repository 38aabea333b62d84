"""The judged rows of everything on file: as tidy frames (``tidy``), made office by office (``fragments``), and kept as
Parquet (``files``). The one part of analysis that reads files: the data folder through ``ingest.store``, and its own.
"""
