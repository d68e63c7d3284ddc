"""A department's register, saved half-way."""

raise RuntimeError("尚未建库")
# fmt: off

#> plugins/broken.py: error[plugin-broken]: 插件无法装入：插件出错：RuntimeError: 尚未建库 (broken.py:3)
#>    帮助：请修正插件；其余插件照常工作。
#>
#> 1 个错误
