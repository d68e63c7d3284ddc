"""A law in the register of laws: when it is in force, and what took its place."""

from engine.definitions.base import Id, Text, Texts, Titled, key


class Law(Titled):
    """A law, regulation or rule that bases name by its title.

    Its `effective` says when it is in force: a law that was repealed has a last day, `to`.
    """

    law: Id = key("编号", "id")
    aliases: Texts = key("依据中也可能使用的名称", "other names that bases use for it", tuple)
    replaced_by: Text | None = key("由什么代替", "what took its place", None)
    source: Text | None = key("出处或核对办法", "where it was read, or how to check it", None)
    verified: bool = key("是否已对照原文核实", "checked against the notice itself", False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that a basis may use for it, without the marks 《》."""
        return tuple(name.strip("《》") for name in (self.title, *self.aliases))
