# language: zh-CN
功能： 全角的冒号、竖线和标签
  ＠案例
  场景: 从业人员
    假如 从业人员包括以下各项:
      ｜ 姓名 ｜
    那么 结论是"准予"

#> feature-full-width.feature:2:3: error[feature-full-width]: 全角的“：”在此处不起作用
#>     2 | 功能： 全角的冒号、竖线和标签
#>       |     ^^
#>    帮助：请改为半角“:”。
#>
#> feature-full-width.feature:3:3: error[feature-full-width]: 全角的“＠”在此处不起作用
#>     3 |   ＠案例
#>       |   ^^
#>    帮助：请改为半角“@”。
#>
#> feature-full-width.feature:6:7: error[feature-full-width]: 全角的“｜”在此处不起作用
#>     6 |       ｜ 姓名 ｜
#>       |       ^^
#>    帮助：请改为半角“|”。
#>
#> 3 个错误
