"""Answers of pipelines, by case of pipelines.json."""

from functools import cache
import json

from transformers import pipeline

from exchange import read_json


def run(folder, results):
    given = read_json(folder, "pipelines.json")

    @cache
    def make(task, model, options):
        return pipeline(task, model=given["folders"][model], device=-1, **json.loads(options))

    for case in given["cases"]:
        pipe = make(case["task"], case["model"], json.dumps(case.get("options", {})))
        results.facts[case["name"]] = pipe(case["inputs"], **case.get("call", {}))
