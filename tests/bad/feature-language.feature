功能: 忘记写语言
  场景: 卫生许可
    那么 结论是"准予"

#> feature-language.feature:1:1: error[feature-language]: 功能文件没有写明语言
#>     1 | 功能: 忘记写语言
#>       | ^^^^^^^^^^^^^^^^
#>    帮助：请在第一行写：# language: zh-CN
#>
#> 1 个错误
