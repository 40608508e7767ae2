"""
Rasa component: the Vietnamese tokenizer. The rules are in vi_text.py; this file only speaks Rasa's interface.
"""

from __future__ import annotations

from typing import Any

import vi_text
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ViTokenizer(Tokenizer):
    """
    Folded words without marks, so that "Khai sinh", "khai sinh" and "KHAI SINH" meet.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ViTokenizer:
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        # Rasa's featurizers need at least one token: "..." stays as it is.
        found = vi_text.words(text) or [(text, 0, len(text))]
        return [Token(word, start, end) for word, start, end in found]
