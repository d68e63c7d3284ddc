"""Where expressions run: DuckDB inside this process, or Spark. Both are asked through Ibis alone."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import ibis

from engine.diagnostics import TongbanError

EngineName: TypeAlias = Literal["duckdb", "spark"]
ROWS_AT_A_TIME = 100_000


class EngineMissing(TongbanError):
    """The engine asked for is not installed here."""


class Session(Protocol):
    """What a plan needs of an engine."""

    def table(self, name: str) -> Any: ...
    def view(self, expression: Any) -> Any:
        """The expression under a name of its own, so that what builds on it does not repeat it."""

    def batches(self, expression: Any) -> Iterator[Any]:
        """The rows as Arrow record batches."""

    def put(self, batches: Iterator[Any], schema: Any) -> Any:
        """Arrow record batches as a table."""

    def write(self, expression: Any, folder: Path) -> list[Path]:
        """The rows as Parquet files in a folder."""


@contextmanager
def _quietly() -> Iterator[None]:
    """Ibis 12 calls DuckDB by old names and Spark minds the pandas beside it: no user's concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class DuckSession:
    """DuckDB with a memory limit; what does not fit lies in `folder`."""

    def __init__(self, folder: Path, memory: str = "", threads: int = 0) -> None:
        self.folder, self._count = folder, 0
        with _quietly():
            self.ibis = ibis.duckdb.connect(str(folder / "population.duckdb"))
        self.raw("SET GLOBAL lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # the one that Ibis 12 writes
        # A long list of constants is asked as it stands, not joined to: joins keep stages apart.
        self.raw("SET disabled_optimizers = 'in_clause'")
        self.raw("SET preserve_insertion_order = true")
        self.raw("SET enable_progress_bar = false")
        self.raw(f"SET temp_directory = '{quoted(folder / 'spill')}'")
        if memory:
            self.raw(f"SET memory_limit = '{quoted(memory)}'")
        if threads:
            self.raw(f"SET threads = {threads}")

    def raw(self, sql: str) -> Any:
        return self.ibis.con.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.raw(sql).fetchall()
        return found

    def table(self, name: str) -> Any:
        with _quietly():
            return self.ibis.table(name)

    def fresh(self, stem: str) -> str:
        self._count += 1
        return f"{stem}_{self._count}"

    def view(self, expression: Any) -> Any:
        with _quietly():
            return self.ibis.create_view(self.fresh("view"), expression)

    def batches(self, expression: Any) -> Iterator[Any]:
        # A cursor of its own: what is read here may be written from at the same time.
        relation = self.ibis.con.cursor().sql(ibis.to_sql(expression, dialect="duckdb"))
        yield from relation.to_arrow_reader(ROWS_AT_A_TIME)

    def put(self, batches: Iterator[Any], schema: Any) -> Any:
        import pyarrow

        name = self.fresh("given")
        reader = pyarrow.RecordBatchReader.from_batches(schema, batches)
        self.ibis.con.from_arrow(reader).create(name)
        return self.table(name)

    def write(self, expression: Any, folder: Path) -> list[Path]:
        folder.mkdir(parents=True)
        path = folder / "rows.parquet"
        sql = ibis.to_sql(expression, dialect="duckdb")
        self.raw(f"COPY ({sql}) TO '{quoted(path)}' (FORMAT parquet)")
        return [path]

    def close(self) -> None:
        self.ibis.disconnect()


class SparkSession:
    """Spark, in this machine or wherever the environment says (`spark.master`)."""

    def __init__(self, folder: Path, cores: str = "local[2]") -> None:
        self.folder, self._count = folder, 0
        with _quietly():
            self.spark = _spark(folder, cores)
            self.ibis = ibis.pyspark.connect(self.spark)

    def fresh(self, stem: str) -> str:
        self._count += 1
        return f"{stem}_{self.folder.name}_{self._count}".replace("-", "_")

    def read(self, files: Path) -> Any:
        """A table from Parquet files."""
        return self._named(self.spark.read.parquet(str(files)))

    def _named(self, frame: Any) -> Any:
        name = self.fresh("given")
        frame.createOrReplaceTempView(name)
        return self.table(name)

    def table(self, name: str) -> Any:
        with _quietly():
            return self.ibis.table(name)

    def view(self, expression: Any) -> Any:
        return self._named(self.spark.sql(ibis.to_sql(expression, dialect="pyspark")))

    def batches(self, expression: Any) -> Iterator[Any]:
        # By way of Parquet: Spark's own road to Arrow asks for a pandas of its choice.
        import pyarrow.parquet

        for path in self.write(expression, self.folder / self.fresh("asked")):
            yield from pyarrow.parquet.ParquetFile(path).iter_batches(ROWS_AT_A_TIME)

    def put(self, batches: Iterator[Any], schema: Any) -> Any:
        import pyarrow
        import pyarrow.parquet

        path = self.folder / f"{self.fresh('given')}.parquet"
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        return self.read(path)

    def write(self, expression: Any, folder: Path) -> list[Path]:
        frame = self.spark.sql(ibis.to_sql(expression, dialect="pyspark"))
        frame.write.mode("error").parquet(str(folder))
        return sorted(folder.glob("*.parquet"))

    def close(self) -> None:
        self.spark.stop()


def _spark(folder: Path, cores: str) -> Any:
    try:
        from pyspark.sql import SparkSession as Builder
    except ImportError:
        raise EngineMissing(
            "没有安装 Spark：pip install 'tongban[spark]' / Spark is not installed"
        ) from None
    if shutil.which("java") is None:
        raise EngineMissing("Spark 需要 Java 17 以上，没有找到 java / Spark needs Java: none found")
    builder = Builder.builder.master(cores).appName("tongban")
    for key, value in _SPARK_SETTINGS.items():
        builder = builder.config(key, value)
    return builder.config("spark.local.dir", str(folder)).getOrCreate()


_SPARK_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong number
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
}


def quoted(text: object) -> str:
    """For use between single quotes in SQL."""
    return str(text).replace("'", "''")
