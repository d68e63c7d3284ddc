"""Whole review rules proved: one conclusion for every application, and no rule that does nothing.

What a claim says holds for every application that the matter admits, whatever is known of it and
whatever registers answer. It is refuted only by a case that the engine has been given; a question
that the solver leaves open, or that turns on something without a formula, is 未证明.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.checks.subject import Subject
from engine.decision import program_of
from engine.decision.program import REGION, Program
from engine.definitions import PATH_TITLES, Matter
from engine.proof.claims import Claim, Finding, Status
from engine.proof.examples import Example, examples_of
from engine.proof.monotony import find_unsteady
from engine.proof.questions import PathQuestions, Shown, World, faults_of
from engine.proof.reviews import OUTCOMES
from engine.proof.terms import Formula, both, either, opposite
from engine.proof.witnesses import Witness
from engine.proof.wording import case_words
from engine.source import Path
from engine.workspace import Workspace

_NO_TIME = ("求解器在限定的时间内没有答案", "the solver gave no answer in time")


def prove_rules(
    workspace: Workspace, matter: str, on: date, *, timeout: float
) -> tuple[Claim, ...]:
    """Claims about the whole review, path by path and region by region.

    `timeout` is in seconds for each question. Regions with the same figures are proved together.
    Raises UnknownDefinition, NotEncodable for conclusion rules without a formula, and
    ProofDisagrees where the engine does otherwise than its formulas.
    """
    named = sorted(region.region for region in workspace.regions(on))
    regions = tuple(dict.fromkeys((workspace.settings.region, *named)))
    programs = [program_of(workspace, matter, region, on) for region in regions]
    examples = examples_of(workspace, matter, on)
    groups = list(_alike(programs))
    proofs = [
        ReviewProof(group, timeout, examples, is_regional=len(groups) > 1) for group in groups
    ]
    claims = [claim for proof in proofs for claim in proof.of_region()]
    return (*_joined(claims), *_of_all_regions(proofs))


def _joined(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Claims that say the same of different regions, with nothing found, as one."""
    found: dict[Any, Claim] = {}
    for number, claim in enumerate(claims):
        key = number if claim.findings else (claim.subject, claim.title_zh, claim.status)
        same = found.get(key)
        regions = same.regions + claim.regions if same else claim.regions
        found[key] = replace(claim, regions=regions)
    return iter(found.values())


def _alike(programs: Sequence[Program]) -> Iterator[tuple[Program, ...]]:
    """Programs by their figures; those whose rules read the region itself stand alone."""
    groups: dict[Any, list[Program]] = {}
    for program in programs:
        figures = sorted((n, type(v).__name__, str(v)) for n, v in program.parameters.items())
        own = program.region if _reads_region(program) else ""
        groups.setdefault((own, *figures), []).append(program)
    return (tuple(group) for group in groups.values())


def _reads_region(program: Program) -> bool:
    expressions = [
        *program.computed.values(),
        *(e for c in program.criteria for e in (c.when, c.require)),
        *(m.when for m in program.materials),
        *program.entries.values(),
        *(when for _, when, _ in program.obligations),
        *(e for _, amount, starts in program.benefits for e in (amount, starts)),
    ]
    read = [expression.names for expression in expressions if expression is not None]
    read += [table.reads for table in program.tables.values()]
    return any(REGION in names for names in read) or any(
        REGION in match.where
        for phase in (program.entry, program.conclusion)
        for authored in phase.authored.values()
        for match in authored.rule.when
    )


@dataclass
class _Told:
    """What is said of one claim."""

    findings: list[Finding] = field(default_factory=list)
    is_open: bool = False

    @property
    def status(self) -> Status:
        is_refuted = any(f.diagnostic.code != "review-unproved" for f in self.findings)
        return "refuted" if is_refuted else "unproved" if self.is_open else "proved"


class ReviewProof:
    """The claims of a matter in the regions that have the same figures."""

    def __init__(
        self,
        programs: Sequence[Program],
        timeout: float,
        examples: Sequence[Example],
        *,
        is_regional: bool,
    ) -> None:
        self.programs, self.program, self.examples = programs, programs[0], examples
        self.matter = self.program.matter
        workspace = self.program.workspace
        file = workspace.file("matter", self.matter.matter, self.program.on)
        assert isinstance(file.definition, Matter)
        assert file.document is not None  # a definition has its document
        self._subject = Subject(workspace, file, file.definition, file.document)
        self._is_regional = is_regional
        self.paths: dict[str, PathQuestions] = {
            path: PathQuestions(self.program, path, timeout)
            for path in ("general", *self.matter.paths)
        }

    # --- what rests on a region's figures --------------------------------------------------

    def of_region(self) -> Iterator[Claim]:
        for path, questions in self.paths.items():
            title = PATH_TITLES[path]
            one = f"{title}路径：每份申请恰好得出一个结论"
            yield self._claim(
                f"paths.{path}", one, f"path {path}: every application has exactly one conclusion",
                self._one_conclusion(questions, one),
            )  # fmt: skip
        yield from self._steady()

    def _one_conclusion(self, questions: PathQuestions, claim: str) -> _Told:
        told, every = _Told(), questions.all_cases
        faults = faults_of(every.review)
        whole = questions.verdict(every, either(*(fault[2] for fault in faults)))
        if whole == "impossible":
            return told
        exact = faults_of(questions.exact_cases.review)
        for number, (subject, title, fault) in enumerate(faults):
            if questions.verdict(every, fault) == "impossible":
                continue
            shown = questions.show(exact[number][2]) if number < len(exact) else "impossible"
            self._weigh_fault(told, questions, (subject, title, claim), shown)
        return told

    def _weigh_fault(
        self,
        told: _Told,
        questions: PathQuestions,
        about: tuple[str, str, str],
        shown: "Shown | str",
    ) -> None:
        subject, title, claim = about
        if isinstance(shown, Shown) and shown.trial.stopped:
            words = case_words(_told_facts(shown.witness), self.program.units)
            said = f"{shown.trial.words_zh.rstrip('。')}。"
            self._add(
                told, self._place(subject), "conclusion-not-one", shown, about=title, said=said,
                **_path_words(questions.path), **words,
            )  # fmt: skip
            return
        if isinstance(shown, Shown):
            questions.refuse(shown, "得不出结论")
        self._leave_open(told, questions, f"{claim}（{title}）", shown)

    def is_out_of_reach(self, path: str, outcome: str) -> bool:
        """Whether no complete application can come to an outcome, under these figures."""
        questions = self.paths[path]
        every = questions.all_cases
        parts = [every.review.concludes(outcome), *every.case.complete]
        return questions.verdict(every, *parts) == "impossible"

    def is_reached(self, path: str, outcome: str) -> bool:
        """Whether the engine itself has come to the outcome, on a case found or on an example."""
        if any(e.path == path and e.outcome == outcome for e in self.examples):
            return True
        questions = self.paths[path]
        shown: Shown | str = "impossible"
        if path != "general":
            shown = self._shown_in(questions, questions.rated_cases, outcome)
        if not isinstance(shown, Shown):
            shown = self._shown_in(questions, questions.exact_cases, outcome)
        if not isinstance(shown, Shown):
            return False
        decision = shown.trial.decision
        if decision is not None and (decision.path, decision.outcome) == (path, outcome):
            return True
        questions.refuse(shown, f"得出“{outcome}”")
        return False

    @staticmethod
    def _shown_in(questions: PathQuestions, world: World, outcome: str) -> "Shown | str":
        return questions.show(world.review.concludes(outcome), complete=True, world=world)

    def _steady(self) -> Iterator[Claim]:
        for index, criterion in enumerate(self.matter.criteria):
            for fact, direction in criterion.monotone.items():
                zh = f"审查要点“{criterion.point}”对“{fact}”单调"
                told = _Told()
                found = find_unsteady(self.paths["general"], criterion.id, fact, direction)
                if isinstance(found, str):
                    if found != "impossible":
                        self._leave_open(told, self.paths["general"], zh, found)
                else:
                    words = case_words(_told_facts(found.witness), self.program.units)
                    changed = case_words({fact: found.changed}, self.program.units)
                    self._add(
                        told, ("criteria", index, "monotone"), "criterion-not-monotone",
                        Shown(found.witness, found.trial), point=criterion.point, fact=fact,
                        change=changed["case"].removeprefix(fact), change_en=changed["case_en"],
                        **words,
                    )  # fmt: skip
                english = f"criterion {criterion.id} is monotone in {fact}"
                yield self._claim(f"criteria.{criterion.id}", zh, english, told)

    # --- what holds whatever the figures ---------------------------------------------------

    def approval(self, path: str, reached: Sequence[str], never: Sequence[str]) -> Claim:
        """The conclusions of a path; an approval must be among them."""
        told, questions = _Told(), self.paths[path]
        title, free = PATH_TITLES[path], questions.any_figures
        if "准予" not in reached:
            parts = [free.review.concludes("准予"), *free.case.complete]
            verdict = questions.verdict(free, *parts)
            if verdict == "impossible":
                place = self._place(f"paths.{path}")
                self._add(told, place, "approval-impossible", None, **_path_words(path))
            else:
                self._leave_open(told, questions, f"{title}路径可以得出“准予”", verdict)
        zh = f"{title}路径：事实齐全时可以得出的结论是{'、'.join(reached) or '无'}"
        zh += f"；不可能的是{'、'.join(never)}" if never else ""
        rest = [o for o in OUTCOMES if o not in reached and o not in never]
        zh += f"；未能确定的是{'、'.join(rest)}" if rest else ""
        return self._claim(f"paths.{path}", zh, f"path {path}: approval is possible", told)

    def dead_criteria(self, is_alive: Callable[[str, str], bool]) -> Claim:
        """Every criterion can be met and can fail, under some figures that a region may set."""
        told, questions = _Told(), self.paths["general"]
        world = questions.any_figures
        for index, criterion in enumerate(self.matter.criteria):
            statuses = world.review.criteria[criterion.id]
            for status, code in (
                ("不满足", "criterion-never-fails"),
                ("满足", "criterion-never-met"),
            ):
                verdict = questions.verdict(world, statuses[status], *world.case.complete)
                if verdict == "impossible":
                    self._add(told, ("criteria", index, "require"), code, point=criterion.point)
                elif not is_alive(criterion.id, status):
                    claim = f"审查要点“{criterion.point}”可能{status}"
                    self._leave_open(told, questions, claim, verdict, ("criteria", index))
        english = "every criterion can be met and can fail"
        return self._claim("criteria", "每个审查要点都可能满足，也可能不满足", english, told)

    def shows_status(self, criterion: str, status: str) -> bool:
        """Whether the engine itself gives a criterion a status, on a case found or on an example."""
        if any(e.criteria.get(criterion) == status for e in self.examples):
            return True
        for questions in self.paths.values():
            review = questions.exact_cases.review
            decided = both(review.enters, opposite(review.is_stopped), review.count == 1)
            condition = both(decided, review.criteria[criterion][status])
            shown = questions.show(condition, complete=True)
            if isinstance(shown, Shown) and shown.trial.decision is not None:
                given = {c.id: c.status for c in shown.trial.decision.criteria}
                if given[criterion] == status:
                    return True
                questions.refuse(shown, f"审查要点 {criterion} {status}")
        return False

    def open_paths(self) -> Claim | None:
        """Every path can be entered, and no case enters two that have no order."""
        if not self.matter.paths:
            return None
        told = _Told()
        for path in (p for p in self.paths if p != "general"):
            world = self.paths[path].any_figures
            verdict = self.paths[path].verdict(world, world.review.enters)
            if verdict == "impossible":
                self._add(told, ("paths", path), "path-never-open", None, **_path_words(path))
            elif verdict == "unknown":
                self._leave_open(
                    told, self.paths[path], f"{PATH_TITLES[path]}路径可以进入", verdict
                )
        for path, other in self._unordered():
            self._weigh_pair(told, path, other)
        zh = "各条路径都可以进入，互不相交或者写明先后"
        english = "every path can be entered; paths exclude each other or have an order"
        return self._claim("paths", zh, english, told)

    def may_open(self, path: str) -> bool:
        """Whether the path can be entered, under some figures that a region may set."""
        world = self.paths[path].any_figures
        return self.paths[path].verdict(world, world.review.enters) != "impossible"

    def _unordered(self) -> Iterator[tuple[str, str]]:
        declared = list(self.matter.paths.items())
        for number, (other, one) in enumerate(declared):
            for path, earlier in declared[:number]:
                if None in (one.order, earlier.order) or one.order == earlier.order:
                    yield path, other

    def _weigh_pair(self, told: _Told, path: str, other: str) -> None:
        timeout = self.paths[path].timeout
        questions = PathQuestions(self.program, path, timeout, beside=other)
        shown = questions.show(*_both_entered(questions.exact_cases))
        if isinstance(shown, Shown) and not shown.trial.refused:
            words = case_words(_told_facts(shown.witness), self.program.units)
            named = {"other": PATH_TITLES[other], "other_en": other}
            place: Path = ("paths", other)
            self._add(told, place, "paths-overlap", shown, **named, **_path_words(path), **words)
            return
        every = questions.all_cases
        verdict = questions.verdict(every, *_both_entered(every))
        if verdict != "impossible":
            claim = f"{PATH_TITLES[path]}与{PATH_TITLES[other]}不能同时进入"
            self._leave_open(told, questions, claim, verdict)

    # --- saying ----------------------------------------------------------------------------

    def _claim(self, subject: str, zh: str, english: str, told: _Told) -> Claim:
        regions = tuple(program.region for program in self.programs)
        return Claim(subject, zh, english, told.status, tuple(told.findings), regions)

    def _leave_open(
        self,
        told: _Told,
        questions: PathQuestions,
        claim: str,
        why: "Shown | str",
        place: Path = ("matter",),
    ) -> None:
        told.is_open = True
        reason, english = _NO_TIME
        if why != "unknown":
            misfits = why.misfits if isinstance(why, Shown) else ()
            world = questions.all_cases
            functions = tuple(dict.fromkeys(f"{a.name}(…)" for a in world.encoding.applied))
            outside = misfits or (*world.outside, *functions)
            named = "、".join(f"“{text}”" for text in outside)
            reason = f"取决于可判定部分以外的内容：{named or '求解器找到的情形'}"
            if isinstance(why, Shown) and why.trial.refused:
                reason += f"；试填的申请没有被接受：{why.trial.words_zh}"
            english = "it turns on what has no formula"
        self._add(
            told, place, "review-unproved", claim=claim, claim_en=claim, reason=reason,
            reason_en=english,
        )  # fmt: skip

    def _add(
        self, told: _Told, path: Path, code: str, shown: Shown | None = None, /, **words: Any
    ) -> None:
        at_key = path == ("matter",)
        self._subject.add(path, code, at_key, **{**self._where(), **words})
        diagnostic = self._subject.problems.found[-1]
        witness = shown.witness if shown else None
        told.findings.append(Finding(diagnostic, witness, shown.trial.words_zh if shown else ""))

    def _where(self) -> Mapping[str, str]:
        if not self._is_regional:
            return {"where": "", "where_en": ""}
        named = "、".join(program.region or "未写地区" for program in self.programs)
        english = ", ".join(program.region or "no region" for program in self.programs)
        return {"where": f"（{named}）", "where_en": f" ({english})"}

    def _place(self, subject: str) -> Path:
        kind, _, identity = subject.partition(".")
        listed: Mapping[str, Sequence[str]] = {
            "tables": [t.id for t in self.matter.tables],
            "criteria": [c.id for c in self.matter.criteria],
            "materials": [m.key for m in self.matter.materials],
            "obligations": [o.id for o in self.matter.obligations],
        }
        if kind in listed:
            return (kind, listed[kind].index(identity))
        if kind == "paths" and identity in self.matter.paths:
            return ("paths", identity)
        return ("matter",)


def _of_all_regions(proofs: Sequence[ReviewProof]) -> Iterator[Claim]:
    """What is said of the rules themselves: some region's figures are enough to show it."""
    first = proofs[0]

    def is_alive(criterion: str, status: str) -> bool:
        return any(proof.shows_status(criterion, status) for proof in proofs)

    everywhere = tuple(program.region for proof in proofs for program in proof.programs)
    claims = []
    for path in first.paths:
        reached = [o for o in OUTCOMES if any(proof.is_reached(path, o) for proof in proofs)]
        never = [
            outcome
            for outcome in OUTCOMES
            if outcome not in reached
            and all(proof.is_out_of_reach(path, outcome) for proof in proofs)
        ]
        if first.may_open(path):
            claims.append(first.approval(path, reached, never))
    if first.matter.criteria:
        claims.append(first.dead_criteria(is_alive))
    paths = first.open_paths()
    claims += [paths] if paths is not None else []
    return (replace(claim, regions=everywhere) for claim in claims)


def _both_entered(world: World) -> tuple[Formula, Formula]:
    assert world.beside is not None
    return world.review.enters, world.beside.enters


def _path_words(path: str) -> dict[str, str]:
    return {"way": PATH_TITLES[path], "way_en": path}


def _told_facts(witness: Witness) -> dict[str, Any]:
    return {**witness.facts, **witness.follows}
