"""What is dropped from an executed notebook, and that nothing else is."""

import json

import nbformat

from amazon_labor import mime
from amazon_labor.runner import normalise


def executed():
    return {
        "cells": [
            {"cell_type": "markdown", "id": "q", "metadata": {"tags": ["papermill-error-cell-tag"]}, "source": "error"},
            {
                "cell_type": "markdown",
                "id": "a1",
                "metadata": {"papermill": {"duration": 1}, "tags": []},
                "source": "# T\n\nx",
            },
            {
                "cell_type": "code",
                "id": "b2",
                "metadata": {"tags": ["parameters"], "execution": {"iopub.status.busy": "2026"}, "papermill": {}},
                "source": ["a = 1\n", "b = 2"],
                "execution_count": 4,
                "outputs": [],
            },
            {
                "cell_type": "code",
                "id": "xyz",
                "metadata": {"tags": ["injected-parameters"]},
                "source": "a = 2",
                "execution_count": 7,
                "outputs": [],
            },
            {
                "cell_type": "code",
                "id": "c3",
                "metadata": {},
                "source": "show()",
                "execution_count": 9,
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": "one\n"},
                    {"output_type": "stream", "name": "stdout", "text": ["tw", "o\n"]},
                    {"output_type": "stream", "name": "stderr", "text": "three\n"},
                    {
                        "output_type": "execute_result",
                        "execution_count": 9,
                        "metadata": {},
                        "transient": {"display_id": "1"},
                        "data": {"text/html": "<p>\n<b>", mime.NUMBER: {"name": "n", "value": 1.5, "list": ["a"]}},
                    },
                ],
            },
            {
                "cell_type": "code",
                "id": "d4",
                "metadata": {},
                "source": "never",
                "execution_count": None,
                "outputs": [],
            },
        ],
        "metadata": {
            "papermill": {"start_time": "2026", "output_path": "/home/x"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "kernelspec": {"name": "other", "display_name": "Mine"},
            "amazon_labor": {"name": "n", "number": 1, "part": "p"},
            "widgets": {},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_everything_that_varies_is_gone():
    text = normalise.dump(normalise.normalise(executed()))
    for word in ("papermill", "2026", "/home", "3.11.7", "display_id", "error", "Mine", "widgets", "iopub"):
        assert word not in text


def test_ids_follow_the_source_and_counts_the_order():
    cells = normalise.normalise(executed())["cells"]
    assert [c["id"] for c in cells] == ["cell-00", "cell-01", "injected-parameters", "cell-02", "cell-03"]
    assert [c.get("execution_count") for c in cells] == [None, 1, 2, 3, None]
    assert cells[3]["outputs"][-1]["execution_count"] == 3


def test_outputs_are_kept_and_chunks_of_a_stream_joined():
    outputs = normalise.normalise(executed())["cells"][3]["outputs"]
    assert [o.get("text") for o in outputs] == [["one\n", "two\n"], ["three\n"], None]
    assert outputs[2]["data"] == {
        "text/html": ["<p>\n", "<b>"],
        mime.NUMBER: {"name": "n", "value": 1.5, "list": ["a"]},
    }


def test_the_result_is_a_valid_notebook_and_a_fixed_point():
    once = normalise.normalise(executed())
    nbformat.validate(nbformat.from_dict(json.loads(normalise.dump(once))))
    assert normalise.normalise(json.loads(normalise.dump(once))) == once


def test_the_text_is_what_nbformat_writes_with_sorted_keys():
    """Second implementation: the library that defines the format, on the same notebook."""
    once = normalise.normalise(executed())
    assert normalise.dump(once) == nbformat.writes(nbformat.reads(normalise.dump(once), as_version=4)) + "\n"


def test_new_prose_around_old_outputs():
    old = normalise.normalise(executed())
    source = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# New"},
            {"cell_type": "markdown", "metadata": {}, "source": "more"},
            *(
                {k: v for k, v in c.items() if k != "outputs"} | {"outputs": []}
                for c in executed()["cells"][2:]
                if c["id"] != "xyz"
            ),
        ],
        "metadata": executed()["metadata"],
    }
    got = normalise.merged(old, source)
    assert [c["id"] for c in got["cells"]] == [
        "cell-00",
        "cell-01",
        "cell-02",
        "injected-parameters",
        "cell-03",
        "cell-04",
    ]
    assert got["cells"][4]["outputs"] == old["cells"][3]["outputs"]
    assert got["cells"][0]["source"] == ["# New"]


def test_records_are_found_by_type():
    assert normalise.records(normalise.normalise(executed()), mime.NUMBER) == [
        ("cell-02", {"name": "n", "value": 1.5, "list": ["a"]})
    ]


def test_a_warning_names_its_cell_without_the_process():
    def stream(process: int) -> dict:
        text = f"/tmp/ipykernel_{process}/2711515519.py:3: RuntimeWarning: divided\n  x = 1 / zero\n"
        error = {
            "output_type": "error",
            "ename": "E",
            "evalue": "e",
            "traceback": [f"File /tmp/ipykernel_{process}/1.py"],
        }
        outputs = [{"output_type": "stream", "name": "stderr", "text": text}, error]
        return {"cells": [code("x", outputs)], "metadata": {}}

    one, other = (normalise.normalise(stream(n)) for n in (12, 345))
    assert one == other
    shown = one["cells"][0]["outputs"]
    assert shown[0]["text"][0] == "ipykernel/2711515519.py:3: RuntimeWarning: divided\n"
    assert shown[1]["traceback"] == ["File ipykernel/1.py"]
    kept = {"output_type": "stream", "name": "stdout", "text": "see /tmp/ipykernel_notes/1.py\n"}
    assert normalise.normalise({"cells": [code("x", [kept])]})["cells"][0]["outputs"][0]["text"] == [kept["text"]]


def code(source: str, outputs: list) -> dict:
    return {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "execution_count": 1, "outputs": outputs}
