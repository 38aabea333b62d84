"""``outputs/index.html``, the page that lists all reports, from what the ledger keeps of them."""

from perfeval.cli.printing import TITLES
from perfeval.model.scratch import write_whole
from perfeval.run.ledger import Run
from perfeval.run.project import Project


def write_index(place: Project) -> None:
    """Write the page over everything the ledger knows, replaced in one step; no report is read for it."""
    from perfeval.present.page import index_page
    from perfeval.run import ledger

    with ledger.reading(place.outputs) as book:
        rows = [_row(run) for run in ledger.latest(book)]
    write_whole(place.outputs / "index.html", index_page(rows).encode())


def _row(run: Run) -> dict[str, object]:
    return {
        "report": run.report,
        "title": TITLES.get(run.report, run.report),
        "subject": run.subject,
        "period": run.period,
        "status": run.status or "未结束",
        "error": run.error,
        "figures": run.figures,
        "href": f"{run.subject}/{run.period}/{run.report}/{run.report}.html" if run.figures else "",
    }
