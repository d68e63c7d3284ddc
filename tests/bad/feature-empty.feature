# language: zh-CN
功能: 只有标题
  这里还没有场景。

#> feature-empty.feature:2:1: error[feature-empty]: 功能文件没有场景
#>     2 | 功能: 只有标题
#>       | ^^^^^^^^^^^^^^
#>    帮助：请至少写一个场景，或删去此文件。
#>
#> 1 个错误
