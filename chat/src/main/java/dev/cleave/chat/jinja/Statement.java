package dev.cleave.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** A part of a template that prints, assigns, or decides what does. */
interface Statement {
    /** Where to go on. */
    enum Flow {
        NEXT,
        CONTINUE,
        BREAK
    }

    /** Executes it. */
    Flow execute(Scope scope, TextBuilder out);

    /** Several, one behind the other; the lines are theirs. */
    record Block(List<Statement> statements, List<Integer> lines) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            for (int i = 0; i < statements.size(); i++) {
                scope.run().step();
                try {
                    Flow flow = statements.get(i).execute(scope, out);
                    if (flow != Flow.NEXT) {
                        return flow;
                    }
                } catch (JinjaException e) {
                    throw e.at(lines.get(i));
                }
            }
            return Flow.NEXT;
        }
    }

    /** Text of the template. */
    record Data(Text text) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}}. */
    record Print(Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Object result = value.evaluate(scope);
            out.append(
                    result instanceof ValueFilters.Safe ? ((ValueFilters.Safe) result).text() : Printed.text(result));
            return Flow.NEXT;
        }
    }

    /** {@code if}; the branch is what follows {@code else}, or another {@code if}. */
    record If(Expression test, Statement then, Statement otherwise) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            return Values.isTrue(test.evaluate(scope)) ? then.execute(scope, out) : otherwise.execute(scope, out);
        }
    }

    /** {@code for}; the filter is null where not written. */
    record For(
            Target target, Expression over, Expression filter, boolean recursive, Statement body, Statement otherwise)
            implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            loop(scope, out, over.evaluate(scope), 0);
            return Flow.NEXT;
        }

        private void loop(Scope scope, TextBuilder out, Object over, int depth) {
            List<Object> items = Values.items(over);
            if (filter != null) {
                List<Object> kept = new ArrayList<>();
                for (Object item : items) {
                    Scope inner = scope.inner();
                    target.assign(inner, item);
                    if (Values.isTrue(filter.evaluate(inner))) {
                        kept.add(item);
                    }
                }
                items = kept;
            }
            boolean none = true;
            Loop loop = new Loop(items, depth, recursive ? deeper -> nested(scope, deeper, depth + 1) : null);
            for (int i = 0; i < items.size(); i++) {
                Scope inner = scope.inner();
                loop.at(i);
                inner.set("loop", loop);
                target.assign(inner, items.get(i));
                Flow flow = body.execute(inner, out);
                if (flow == Flow.BREAK) {
                    break;
                }
                // Jinja2 notes that the loop ran where its body ends, which break and continue do not reach.
                none &= flow == Flow.CONTINUE;
            }
            if (none) {
                otherwise.execute(scope.inner(), out);
            }
        }

        private Text nested(Scope scope, Object deeper, int depth) {
            TextBuilder text = new TextBuilder();
            scope.run().deeper(() -> {
                loop(scope, text, deeper, depth);
                return null;
            });
            return text.text();
        }
    }

    /** {@code break} and {@code continue}. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            return flow;
        }
    }

    /** {@code set target = value}. */
    record Assign(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            target.assign(scope, value.evaluate(scope));
            return Flow.NEXT;
        }
    }

    /** {@code set target} or {@code filter}, whose body is the value; the filters' innermost value is {@code captured}. */
    record Capture(Target target, Statement body, Expression filters) implements Statement {
        /** The name by which filters get the body. */
        static final String BODY = " body";

        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            TextBuilder text = new TextBuilder();
            body.execute(scope.inner(), text);
            Scope inner = scope.inner();
            inner.set(BODY, text.text());
            Object value = filters.evaluate(inner);
            if (target == null) {
                out.append(Printed.text(value));
            } else {
                target.assign(scope, value);
            }
            return Flow.NEXT;
        }
    }

    /** {@code with}. */
    record With(List<Target> targets, List<Expression> values, Statement body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            Scope inner = scope.inner();
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(inner, values.get(i).evaluate(scope));
            }
            return body.execute(inner, out);
        }
    }

    /** {@code generation}, which trainers use: prints its body. */
    record Generation(Statement body) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            body.execute(scope.inner(), out);
            return Flow.NEXT;
        }
    }

    /** {@code macro}. */
    record Definition(Macro macro) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            scope.set(macro.name(), macro.in(scope));
            return Flow.NEXT;
        }
    }

    /** {@code call}. */
    record CallBlock(Expression.Call call, Macro caller) implements Statement {
        @Override
        public Flow execute(Scope scope, TextBuilder out) {
            out.append(Printed.text(call.call(scope, caller.in(scope))));
            return Flow.NEXT;
        }
    }
}
