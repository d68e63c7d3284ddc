"""A department's register, saved half-way."""

raise RuntimeError("数据库还没有建好")
