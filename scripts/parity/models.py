"""The models that more than one check uses."""

from pathlib import Path

from transformers import RobertaForMaskedLM, RobertaForSequenceClassification, RobertaModel

CLASSES = {
    "model": RobertaModel,
    "masked-lm": RobertaForMaskedLM,
    "sequence-classification": RobertaForSequenceClassification,
}
FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
