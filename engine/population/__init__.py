"""The same definitions over millions of past applications: who would come out differently, and why.

Definitions are compiled to Ibis expressions, which DuckDB (embedded) and Spark evaluate alike. Every
answer agrees with the per-case engine, 待核 included: what the portable core cannot say exactly is
evaluated by the engine itself, once per distinct case, and joined back. Nothing is approximate.

Import this room late: Ibis and DuckDB are heavy.
"""
