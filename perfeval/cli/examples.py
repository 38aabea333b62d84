"""The examples in the help of each command, by its name behind ``perfeval``; a test holds that each is understood."""

EXAMPLES = {
    "": ("perfeval demo", "perfeval run"),
    "check": ("perfeval check", "perfeval check -s ronghua -y 2022"),
    "demo": ("perfeval demo --subdistricts 5 --years 2021-2024",),
    "explain": ("perfeval explain --target ≥95% --actual 92%", "perfeval explain T01"),
    "export": ("perfeval export 报告.docx -s ronghua -y 2022", "perfeval export 自评表.xlsx --template -y 2024"),
    "import": ("perfeval import 自评表.xlsx --dry-run", "perfeval import 收到的文件/ --replace"),
    "lab": ("perfeval lab",),
    "lint": ("perfeval lint -s ronghua", "perfeval lint --format xlsx --output 问题.xlsx"),
    "list": ("perfeval list", "perfeval list --json"),
    "match": ("perfeval match -s ronghua", "perfeval match -s ronghua --write"),
    "run": ("perfeval run -s ronghua -y 2022", "perfeval run --dry-run"),
    "schedule": ("perfeval schedule show", "perfeval schedule install"),
    "schedule install": ("perfeval schedule install --using cron",),
    "schedule remove": ("perfeval schedule remove",),
    "schedule serve": ("perfeval schedule serve",),
    "schedule show": ("perfeval schedule show --using windows",),
    "score": ("perfeval score -s ronghua -y 2022", "perfeval score --ruleset all"),
    "send": ("perfeval send --dry-run", "perfeval send -s ronghua --report annual"),
    "status": ("perfeval status", "perfeval status --history --limit 5"),
}
