"""Places in texts as JavaScript counts them."""


def with_utf16_places(answer, texts):
    """The answers with `start` and `end` in UTF-16 units. texts: of one answer, or of each."""
    if isinstance(texts, list):
        return [with_utf16_places(*pair) for pair in zip(answer, texts, strict=True)]
    if isinstance(answer, list):
        return [with_utf16_places(each, texts) for each in answer]
    places = {name: len(texts[: answer[name]].encode("utf-16-le")) // 2 for name in ("start", "end")}
    # NumPy's numbers are none for JSON.
    return {name: places.get(name, float(value) if name == "score" else value) for name, value in answer.items()}
