"""The words of what is wrong with tables kept as CSV and XLSX files: Chinese, English, and the help."""

SHEET_CODES: dict[str, tuple[str, str, str, str]] = {
    "table-file": (
        "不能从文件读取这张表：{problem_zh}",
        "the table cannot be read from its file: {problem}",
        "请写成 `- file: 文件名.csv`（或 .xlsx），文件放在 rulesets/tables/ 文件夹里。",
        "Write `- file: name.csv` (or .xlsx) and put the file in rulesets/tables/.",
    ),
    "sheet-unreadable": (
        "无法读取表格文件：{problem_zh}",
        "the sheet cannot be read: {problem}",
        "请用 WPS 或 Excel 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx（不加密码）。",
        "Open it in a spreadsheet program and save it as CSV in UTF-8 or as .xlsx without a password.",
    ),
    "sheet-too-large": (
        "表格过大：有 {size} {what_zh}，上限 {limit}",
        "the sheet is too large: {size} {what_en}, the limit is {limit}",
        "请删去多余的内容，或把表分成几张。",
        "Remove what is not needed, or split the table.",
    ),
    "sheet-head": (
        "{problem_zh}",
        "{problem}",
        "{hint_zh}A 列的项目有：{known_zh}。可用 tongban table export 导出一张表作样本。",
        "{hint_en}Column A may name: {known_en}. `tongban table export` writes a sheet to start from.",
    ),
    "sheet-column": (
        "{problem_zh}",
        "{problem}",
        "{help_zh}",
        "{help_en}",
    ),
    "sheet-cell": (
        "{problem_zh}",
        "{problem}",
        "{help_zh}",
        "{help_en}",
    ),
    "sheet-type": (
        "“{name}”的{what_zh}在表中写作“{written}”，而{declared_zh}",
        'the {what_en} of "{name}" is "{written}" here, but {declared_en}',
        "两处须一致：请改正此格，或改正事项中的声明。",
        "Both must agree: correct this cell, or the declaration in the matter.",
    ),
}
