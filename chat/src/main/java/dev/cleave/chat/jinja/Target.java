package dev.cleave.chat.jinja;

import java.util.List;

/** What an assignment or a loop gives a value. */
interface Target {
    /** Assigns. */
    void assign(Scope scope, Object value);

    /** A name. */
    record Variable(String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** A member of a namespace. */
    record Member(String namespace, String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            Object of = scope.get(namespace);
            if (!(of instanceof Namespace)) {
                throw JinjaException.failed("cannot assign attribute on non-namespace object");
            }
            ((Namespace) of).set(name, value);
        }
    }

    /** Several, each of which gets one item. */
    record Several(List<Target> targets) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            List<Object> items = Values.items(value);
            if (items.size() != targets.size()) {
                throw JinjaException.failed(
                        items.size() + " values cannot be unpacked into " + targets.size() + " names");
            }
            for (int i = 0; i < items.size(); i++) {
                targets.get(i).assign(scope, items.get(i));
            }
        }
    }
}
