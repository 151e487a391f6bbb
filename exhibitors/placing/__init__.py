"""Proposes booths for all applications at once: pure functions on plain data, proven by a mixed-integer solver.

``problem`` says what is asked, ``rules`` who may stand where and what an answer is worth, ``solving`` finds the best one,
``reasons`` says why each application got its booth and no better one. Only the last two need the solver, and its memory.
"""

from exhibitors.placing.problem import Application, Booth, Pair, Problem, Rule, Weights, Wish

__all__ = ["Application", "Booth", "Pair", "Problem", "Rule", "Weights", "Wish"]
