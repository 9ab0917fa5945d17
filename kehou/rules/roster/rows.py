"""Read one row of a roster into a pupil, or into everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from kehou.rules import identity
from kehou.rules.identity import CODE, Sex
from kehou.rules.roster.dates import read_birth
from kehou.rules.roster.grid import Grid, Value, is_blank, letters, plain, text_of
from kehou.rules.roster.names import grown_up_name, read_name
from kehou.rules.roster.numbers import (
    NONE_WORDS,
    Read,
    read_id_number,
    read_other_document,
    read_phones,
    read_register_number,
)
from kehou.rules.roster.places import Classroom, read_place
from kehou.rules.roster.report import Guardian, Hint, Place, Problem, Pupil, Repair
from kehou.rules.roster.tables import Line
from kehou.rules.verdicts import Refusal, refuse

RESIDENT = "居民身份证"
YOUNGEST, OLDEST = 4, 22
GRADES = "〇一二三四五六七八九"
_SEXES: dict[str, Sex] = {
    **dict.fromkeys(("男", "1", "男性", "男生", "M", "MALE", "BOY", "1男", "男1", "01"), "男"),
    **dict.fromkeys(("女", "2", "女性", "女生", "F", "FEMALE", "GIRL", "2女", "女2", "02"), "女"),
}
_NO_SEX = frozenset({"", "0", "9", "未知", "未说明", "未说明的性别", "未知的性别"}) | NONE_WORDS
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_RELATIONS = ("父", "母", "爷", "奶", "爸", "妈", "外公", "外婆", "祖", "姑", "姨", "叔", "伯", "舅", "哥", "姐")


@dataclass(slots=True)
class Outcome:
    """What one row gives. With a problem there is no pupil."""

    pupil: Pupil | None = None
    name: str = ""
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    doubtful_id: bool = False
    numeric_class: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for all rows of a file: the day, and the school's classes and grades if they are known."""

    on: date
    classes: frozenset[tuple[int, int]] = frozenset()
    grades: tuple[int, ...] = ()


class Row:
    """One line on its way to a pupil."""

    def __init__(self, line: Line, grid: Grid, frame: Frame) -> None:
        self.line, self.grid, self.frame = line, grid, frame
        self.values: Sequence[Value] = line.values
        self.columns = line.layout.columns
        self.out = Outcome()

    def read(self) -> Outcome:
        """Return what the row gives: a pupil, or every problem in it."""
        self._formulas()
        name = self.out.name = self._name()
        document, id_number, register = self._numbers()
        sex, born = self._sex_and_birth(id_number, document)
        place = self._classroom(born)
        guardians = self._guardians()
        if not self.out.problems and place is not None and sex is not None and born is not None:
            self.out.pupil = Pupil(
                self.grid.name, self.line.row, name, id_number, document, register, place.grade, place.number,
                sex, born, guardians, self._flag("boarding", "住"), self._left_behind(), self._flag("migrant", "是"),
                commute_of(text_of(self.cell("commute"))),
            )  # fmt: skip
        return self.out

    # --- cells --------------------------------------------------------------------------------------------------------

    def cell(self, name: str) -> Value:
        """Return the cell of a field, None if the table has no such column or the row ends before it."""
        at = self.columns.get(name, -1)
        return self.values[at] if 0 <= at < len(self.values) else None

    def place(self, column: int) -> Place:
        """Return where a column of this row stands."""
        if column < 0:
            return Place(self.grid.name, self.line.row)
        return Place(self.grid.name, self.line.row, letters(column), self.line.layout.labels.get(column, ""))

    def refuse(self, column: int | str, refusal: Refusal) -> None:
        """Note a problem; a cell that is a formula without a result has been refused already."""
        at = self.columns.get(column, -1) if isinstance(column, str) else column
        place = self.place(at)
        if not any(problem.place == place and problem.code == "formula" for problem in self.out.problems):
            self.out.problems.append(Problem(place, refusal))

    def repair(self, column: int | str, why: str, before: Value, after: str) -> None:
        """Note what was changed."""
        at = self.columns.get(column, -1) if isinstance(column, str) else column
        shown = before if isinstance(before, str) else text_of(before)
        self.out.repairs.append(Repair(self.place(at), why, shown, after))

    def _formulas(self) -> None:
        """Refuse formulas without a result: the spreadsheet shows a value that the file does not hold."""
        if not self.grid.formulas:
            return
        for at in self.line.layout.labels:
            calculated = self.grid.formulas.get((self.line.row - 1, at))
            if calculated is None:
                continue
            value = self.values[at] if at < len(self.values) else None
            if not calculated or value == 0 or (isinstance(value, str) and value in _ERRORS):
                self.refuse(at, refuse(CODE, "formula"))

    # --- the pupil ----------------------------------------------------------------------------------------------------

    def _name(self) -> str:
        value = self.cell("name")
        if value is not None and not isinstance(value, str):
            self.refuse("name", refuse(CODE, "name_characters"))
            return ""
        read = read_name(value or "")
        if read.refusal is not None:
            self.refuse("name", read.refusal)
        elif not read.text:
            self.refuse("name", refuse(CODE, "name_missing"))
        elif read.repair:
            self.repair("name", read.repair, value, read.text)
        return read.text

    def _numbers(self) -> tuple[str, str, str]:
        """Return document, ID number and register number."""
        register = read_register_number(self.cell("register")) if "register" in self.columns else Read()
        if register.refusal is not None:
            self.refuse("register", register.refusal)
        document = _document(self.cell("document"))
        value = self.cell("id")
        read = read_id_number(value, on=self.frame.on)
        if read.refusal is not None and document != RESIDENT:
            read = read_other_document(value)
        elif read.text:
            document = RESIDENT
        if read.refusal is not None:
            self.refuse("id", read.refusal)
        elif read.repair:
            self.repair("id", read.repair, masked(text_of(value)), identity.masked_id_number(read.text))
        self.out.doubtful_id = read.doubtful
        id_number, number = read.text, "" if register.refusal is not None else register.text
        if not id_number and read.refusal is None and register.refusal is None:
            id_number = self._id_from_register(number)
        elif number.startswith("G") and document == RESIDENT and id_number and number[1:] != id_number:
            self.out.hints.append(Hint(self.place(self.columns["register"]), refuse(CODE, "register_differs")))
        return document, id_number, number

    def _id_from_register(self, number: str) -> str:
        """Return the ID number inside a G register number (学籍号), where the row gives no other."""
        if number.startswith("G"):
            if (no := identity.refusal_of_id_number(number[1:], on=self.frame.on)) is None:
                self.repair("register", "id_from_register", "", identity.masked_id_number(number[1:]))
                return number[1:]
            self.refuse("register", no)
        elif not number:
            self.refuse("id" if "id" in self.columns else "register", refuse(CODE, "id_missing"))
        return ""

    def _sex_and_birth(self, id_number: str, document: str) -> tuple[Sex | None, date | None]:
        """Return sex and birth date: those of the ID number, which the columns may not contradict, or the columns'."""
        resident = bool(id_number) and document == RESIDENT
        sex: Sex | None = identity.sex_of(id_number) if resident else None
        born = identity.born_on(id_number) if resident else None
        said = _sex(self.cell("sex")) if "sex" in self.columns else None
        if said == "?":
            self.refuse("sex", refuse(CODE, "sex_unclear"))
        elif sex is not None and said is not None and said != sex:
            self.refuse("sex", refuse(CODE, "sex_contradicts", said=said, proven=sex))
        birth = read_birth(self.cell("birth")) if "birth" in self.columns else None
        if birth is not None:
            if birth.refusal is not None:
                self.refuse("birth", birth.refusal)
            elif born is not None and birth.contradicts(born):
                self.refuse("birth", refuse(CODE, "birth_contradicts", proven=born.isoformat()))
            elif born is None and len(birth.days) == 1:
                born = birth.days[0]
        if born is not None and not YOUNGEST <= (years := identity.age(born, on=self.frame.on)) <= OLDEST:
            self.refuse("id" if resident else "birth", refuse(CODE, "age_unlikely", years=years))
        if not resident and (id_number or not {"id", "register"} & self._refused()):
            self._missing_facts(said, born)
        return sex or (said if said != "?" else None), born  # type: ignore[return-value]

    def _missing_facts(self, said: str | None, born: date | None) -> None:
        """Refuse a row that leaves sex or birth date open: without an ID number the columns must say them."""
        refused = self._refused()
        if said is None and "sex" not in refused:
            self.refuse("sex", refuse(CODE, "sex_missing"))
        if born is None and "birth" not in refused:
            self.refuse("birth", refuse(CODE, "birth_missing"))

    def _refused(self) -> set[str]:
        """Return the fields of this row that are refused so far."""
        letters_of = {letters(at): name for name, at in self.columns.items()}
        return {letters_of[one.place.letters] for one in self.out.problems if one.place.letters in letters_of}

    def _classroom(self, born: date | None) -> Classroom | None:
        """Return grade and class, refused where the cells are unclear or the school has no such class."""
        column = "class" if "class" in self.columns else "class_code"
        found = read_place(
            self.cell(column),
            self.cell("grade"),
            self.line.around,
            self.frame.on,
            self.frame.grades,
            born,
        )
        if isinstance(found, Refusal):
            self.refuse("grade" if found.fact("column") == "grade" else column, found)
            return None
        if not self.frame.classes and self.frame.grades and found.grade not in self.frame.grades:
            self.refuse(
                column if column in self.columns else -1, refuse(CODE, "grade_not_here", grade=GRADES[found.grade])
            )
            return None
        if self.frame.classes and (found.grade, found.number) not in self.frame.classes:
            self.refuse(
                column if column in self.columns else -1,
                refuse(CODE, "class_unknown", grade=GRADES[found.grade], number=found.number),
            )
            return None
        self.out.numeric_class = found.from_number
        return found

    # --- the grown-ups and what else the register says ----------------------------------------------------------------

    def _guardians(self) -> tuple[Guardian, ...]:
        guardians = []
        for slot, parts in self.line.layout.grown_ups.items():
            phones: list[str] = []
            note = ""
            for at in parts.get("phone", ()):
                value = self.values[at] if at < len(self.values) else None
                if value is None or value == "":
                    continue
                read = read_phones(value)
                if read.refusal is not None:
                    self.refuse(at, read.refusal)
                elif read.repaired:
                    self.repair(at, "phone_spelling", masked(text_of(value)), _masked_phones(read.numbers))
                phones += [number for number in read.numbers if number not in phones]
                note = note or read.note
            name = self._first(parts.get("name", ()))
            relation = self._first(parts.get("relation", ())) or (slot if slot in ("父亲", "母亲") else "")
            if not relation and note and any(word in note for word in _RELATIONS):
                relation = note
            if name or phones:
                emergency = slot.startswith("emergency")
                guardians.append(Guardian(grown_up_name(name), plain(relation)[:10], tuple(phones), emergency))
        # The contact named without a number of order comes first, then the columns from left to right.
        return tuple(guardians)

    def _first(self, columns: Sequence[int]) -> str:
        for at in columns:
            if at < len(self.values) and not is_blank(self.values[at]):
                return text_of(self.values[at])
        return ""

    def _flag(self, name: str, word: str) -> bool | None:
        if name not in self.columns:
            return None
        return _yes(text_of(self.cell(name)), word)

    def _left_behind(self) -> int | None:
        return _parents_away(text_of(self.cell("left_behind"))) if "left_behind" in self.columns else None


def _masked_phones(numbers: Sequence[str]) -> str:
    return "、".join(identity.masked_mobile(number) for number in numbers)


def masked(text: str) -> str:
    """Return a cell with the middle digits of every long number replaced, so that a repair can be shown."""
    digits = [at for at, sign in enumerate(text) if sign.isdigit()]
    hidden = set(digits[3:-4])
    return "".join("*" if at in hidden else sign for at, sign in enumerate(text))


@lru_cache(maxsize=256, typed=True)
def _document(value: Value) -> str:
    """Return the kind of document; the resident ID card where nothing else is said."""
    text = text_of(value).lstrip("0123456789-. ") if value is not None else ""
    code = text_of(value)
    if (
        (not text and code in ("", "1", "01"))
        or "居民身份证" in text
        or text in ("身份证", "二代身份证", "户口簿", "户口本")
    ):
        return RESIDENT
    known = {
        "6": "香港特区护照/身份证明",
        "7": "澳门特区护照/身份证明",
        "8": "台湾居民来往大陆通行证",
        "9": "境外永久居住证",
        "A": "护照",
    }
    return (known.get(code.upper()) or text or RESIDENT)[:30]


@lru_cache(maxsize=256, typed=True)
def _sex(value: Value) -> str | None:
    """Return 男 or 女, None if the cell says nothing, `?` if it cannot be understood."""
    text = "".join(text_of(value).split()).upper().replace("-", "").replace(".", "")
    return _SEXES.get(text) or (None if text in _NO_SEX else "?")


@lru_cache(maxsize=256)
def _yes(text: str, word: str) -> bool | None:
    if not text or (text in NONE_WORDS and text != "0"):
        return None
    if word == "住":
        return text == "2" or "住校" in text or "寄宿" in text or text in ("是", "住", "住宿")
    return text in ("1", "Y", "YES", "√", "✓") or (text.startswith("是") or ("随迁子女" in text and "非" not in text))


def commute_of(text: str) -> str:
    """Return near, middle or far as a roster says it, empty where it says nothing of the kind."""
    return next((band for word, band in (("远", "far"), ("近", "near"), ("中", "middle")) if word in text), "")


@lru_cache(maxsize=256)
def _parents_away(text: str) -> int | None:
    if not text:
        return None
    if "双亲" in text or "父母" in text or text.startswith("2"):
        return 2
    if text.startswith(("0", "非", "否")) or text in NONE_WORDS:
        return 0
    return 1
