"""A department's register, saved half-way."""

raise RuntimeError("尚未建库")
# fmt: off

#> plugins/broken.py: error[plugin-broken]: 插件无法装入：插件出错：RuntimeError: 尚未建库 (broken.py:3)
#>    帮助：请修正插件；修正之前，所有决定都不能作出。
#>
#> 1 个错误
