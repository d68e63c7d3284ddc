"""The words of what is wrong with decision tables: Chinese, English, and the help in both."""

TABLE_CODES: dict[str, tuple[str, str, str, str]] = {
    "table-column": (
        "表“{table}”第 {row} 行没有“{column}”这一列",
        'table "{table}", row {row}, lacks the column "{column}"',
        "各行的列应相同；不限定时写 -。",
        "Every row has the same columns; write - for any value.",
    ),
    "table-no-rows": (
        "表“{table}”没有行",
        'table "{table}" has no rows',
        "请至少写一行，或删去此表。",
        "Write at least one row, or remove the table.",
    ),
    "table-first-reason": (
        "表“{table}”按行序取第一条（hit: first），但没有说明理由",
        'table "{table}" uses hit: first without a stated reason',
        "请改为 unique，或用 reason 写明为什么要按先后。",
        "Use unique, or state the reason in `reason`.",
    ),
    "table-duplicate-row": (
        "表“{table}”第 {row} 行与第 {other} 行的条件完全相同",
        'table "{table}": row {row} has the same conditions as row {other}',
        "同样的事实必须只有一个结果：请合并或改写其中一行。",
        "The same facts must have one result: merge or change one row.",
    ),
    "table-priority-reason": (
        "表“{table}”按优先级取一条（hit: priority），但没有说明理由",
        'table "{table}" uses hit: priority without a stated reason',
        "请改为 unique，或用 reason 写明为什么可以同时符合、为什么这样排先后。",
        "Use unique, or state in `reason` why several rows may apply and why in this order.",
    ),
    "table-order-missing": (
        "表“{table}”的命中方式是 {hit}，但没有说明输出的优先次序",
        'table "{table}" has hit: {hit} but no order of its outputs',
        '请在 allowed 中把输出的值从最优先写起，例如 allowed: {{等级: \'"一级", "二级"\'}}。',
        "List the output's values in `allowed`, the most important first.",
    ),
    "table-aggregation": (
        "表“{table}”写了 aggregation，而命中方式是 {hit}",
        'table "{table}" has an aggregation with hit: {hit}',
        "只有 hit: collect 可以汇总：请改命中方式，或删去 aggregation。",
        "Only hit: collect aggregates: change the hit policy, or remove the aggregation.",
    ),
    "table-aggregation-outputs": (
        "表“{table}”有几个输出（{outputs}），不能用 {aggregation} 汇总",
        'table "{table}" has several outputs ({outputs}), which {aggregation} cannot aggregate',
        "请一个输出一张表，或删去 aggregation 并用 records 给清单起名。",
        "Make a table of each output, or name the list by `records` instead of aggregating.",
    ),
    "table-aggregation-type": (
        "表“{table}”的“{output}”是{type_zh}，不能用 {aggregation} 汇总",
        '"{output}" of table "{table}" is of type {type_en}, which {aggregation} cannot aggregate',
        "sum 用于数字；min、max 用于数字、日期和时长；count 计命中的行数，不限类型。",
        "sum takes numbers; min and max take numbers, dates and durations; count takes anything.",
    ),
    "table-output-type": (
        "表“{table}”第 {row} 行的“{output}”是{type_zh}，而其他行是{other_zh}",
        '"{output}" in row {row} of table "{table}" is of type {type_en}, in other rows {other_en}',
        "一个输出在各行应是同一种类型，否则读取它的规则只会得到待核：文字请加引号，数字不加。",
        "An output has one type in every row, or rules that read it find nothing: quote texts, not numbers.",
    ),
    "table-records-missing": (
        "表“{table}”给出清单（hit: {hit}），有几个输出，但清单没有名称",
        'table "{table}" gives a list (hit: {hit}) of several outputs, and the list has no name',
        "请加 records: 清单名；规则里用“清单名”读取，每行一个记录。",
        "Add `records: name`; rules read the list by that name, one record per row.",
    ),
    "table-records-unused": (
        "表“{table}”不给出多个输出的清单，用不上 records",
        'table "{table}" gives no list of several outputs, so `records` names nothing',
        "请删去 records；它用于 rule_order、output_order 或不汇总的 collect，且有两个以上输出的表。",
        "Remove it: it is for rule_order, output_order or plain collect with two or more outputs.",
    ),
    "table-default-incomplete": (
        "表“{table}”的默认输出缺少“{outputs}”",
        'the default outputs of table "{table}" lack {outputs}',
        "没有一行命中时每个输出都要有值：请补上，或删去 default。",
        "Every output needs a value where no row is hit: add it, or remove `default`.",
    ),
    "table-value-not-allowed": (
        "表“{table}”的“{column}”写了 {value}，不在允许的值（{allowed}）之内",
        '"{column}" of table "{table}" is {value}, which is not among {allowed}',
        "{hint_zh}请改这一格，或在 allowed 中加上这个值。",
        "{hint_en}Change the cell, or add the value to `allowed`.",
    ),
    "table-allowed-narrow": (
        "“{column}”可以是{values}，而表“{table}”不允许（{allowed}）",
        '"{column}" may be {values}, which table "{table}" does not allow ({allowed})',
        "这样的申请一定会中断，作不出决定：请在 allowed 中补上，不适用的由审查要点说明，或由 default 给出。",
        "Such an application could never be decided: allow the value; a criterion or `default` may deal "
        "with it.",
    ),
}
