package dev.cleave.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;

/** The filter {@code trim}, which takes off what Python calls white space. */
final class PythonTrimFilter implements Filter {
    @Override
    public String getName() {
        return "trim";
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
        return PythonText.strip(
                value == null ? "" : value.toString(), arguments.length == 0 ? null : arguments[0], true, true);
    }
}
