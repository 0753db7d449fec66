"""Writes rendered.json: what Jinja2 3.1, set up as Transformers does it, makes of the templates of templates.json.

    python3 render.py ../resources/dev/cleave/chat/templates.json ../resources/dev/cleave/chat/rendered.json
"""
import copy
import json
import sys
from datetime import datetime

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
)
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda format: datetime(2024, 7, 6, 9, 5, 3).strftime(format)

TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Says \"it\" <b>é</b>",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
CONVERSATIONS = {
    "one": [{"role": "user", "content": "Hi"}],
    "turns": [{"role": "system", "content": " Be brief. "}, {"role": "user", "content": "  a\n\nb é😀 {{ x }} "},
              {"role": "assistant", "content": "<think>\nwhy\n</think>\n\nfalse"}, {"role": "user", "content": ""}],
    "parts": [{"role": "user", "content": [{"type": "text", "text": "it's"}, {"type": "text", "text": "\"two\"\n"}]},
              {"role": "assistant", "content": None, "tool_calls": [{"id": "abcdefghi", "type": "function", "function":
                  {"name": "get_weather", "arguments": {"city": "Köln", "days": 3, "exact": True, "x": 1.50}}}]},
              {"role": "tool", "name": "get_weather", "content": "{\"t\": 1e-7}"}],
}


def render(template, messages, prompt):
    variables = {"messages": messages, "add_generation_prompt": prompt, "bos_token": "<s>", "eos_token": "</s>",
                 "tools": [TOOL] if "tool_calls" in str(messages) else None, "documents": None}
    try:
        return {"text": environment.from_string(template).render(**variables)}
    except Exception as e:
        return {"error": type(e).__name__ + ": " + str(e)}


templates = json.load(open(sys.argv[1], encoding="utf-8"))
results = []
for each in templates:
    for name, messages in CONVERSATIONS.items():
        for prompt in (True, False):
            results.append({"template": each, "conversation": name, "prompt": prompt, **render(each, copy.deepcopy(messages), prompt)})
json.dump({"conversations": CONVERSATIONS, "tools": [TOOL], "results": results},
          open(sys.argv[2], "w", encoding="utf-8"), ensure_ascii=False, indent=1)
