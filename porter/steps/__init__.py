"""The contents page: the nine steps of the walk, in order; `guide/NN-slug.md` explains each."""

from __future__ import annotations

from porter.core.step import Step
from porter.steps import (
    binding,
    enable,
    implement,
    mocks,
    python_tests,
    service,
    store,
    unit_tests,
    validate,
)

STEPS: tuple[Step, ...] = (
    enable.STEP,
    validate.STEP,
    service.STEP,
    store.STEP,
    mocks.STEP,
    binding.STEP,
    unit_tests.STEP,
    implement.STEP,
    python_tests.STEP,
)
