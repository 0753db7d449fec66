package dev.cleave.chat;

import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;

/**
 * The properties and methods that templates may use: those of a loop, a few of texts and maps, and no bean's. It stands last
 * in a chain behind maps and lists.
 */
final class PythonResolver extends ELResolver {
    private PythonResolver() {}

    static ELResolver chain() {
        CompositeELResolver chain = new CompositeELResolver();
        chain.add(new MethodsFirst());
        chain.add(new TypeConvertingMapELResolver(true));
        chain.add(new JinjavaListELResolver(true));
        chain.add(new PythonResolver());
        return chain;
    }

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        if (base == null) {
            return null;
        }
        // What has no such property is undefined, not wrong.
        context.setPropertyResolved(true);
        return base instanceof ForLoop loop ? loopProperty(loop, String.valueOf(property)) : null;
    }

    private static Object loopProperty(ForLoop loop, String property) {
        switch (property) {
            case "index":
                return loop.getIndex();
            case "index0":
                return loop.getIndex0();
            case "revindex":
                return loop.getRevindex();
            case "revindex0":
                return loop.getRevindex0();
            case "first":
                return loop.isFirst();
            case "last":
                return loop.isLast();
            case "length":
                return loop.getLength();
            default:
                throw new ELException("loop." + property + " is not supported");
        }
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return null;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        throw new ELException("setting " + property + " is not supported");
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return Object.class;
    }

    /** Answers all calls, lest another resolver look for a method of the Java class. */
    private static final class MethodsFirst extends ELResolver {
        private static final JinjavaBeanELResolver LIBRARY = new JinjavaBeanELResolver(true);

        @Override
        public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
            if (base instanceof Filter || base instanceof ExpTest) {
                // Filters and tests are calls to Jinjava, too: {{ x | trim }} is trim.filter(x, interpreter).
                return LIBRARY.invoke(context, base, method, types, arguments);
            }
            context.setPropertyResolved(true);
            Object[] given = arguments == null ? new Object[0] : arguments;
            String name = String.valueOf(method);
            Object result = null;
            if (base instanceof Map<?, ?> map) {
                return mapMethod(map, name, given);
            } else if (base instanceof CharSequence text) {
                result = PythonText.call(text.toString(), name, given);
            }
            if (result == null) {
                throw unknown(name, given);
            }
            return result;
        }

        private static Object mapMethod(Map<?, ?> map, String name, Object[] arguments) {
            switch (name + "/" + arguments.length) {
                case "get/1":
                    return map.get(arguments[0]);
                case "get/2":
                    return map.containsKey(arguments[0]) ? map.get(arguments[0]) : arguments[1];
                case "keys/0":
                    return new ArrayList<Object>(map.keySet());
                case "values/0":
                    return new ArrayList<Object>(map.values());
                case "items/0":
                    List<Object> items = new ArrayList<>();
                    map.forEach((key, value) -> items.add(java.util.Arrays.asList(key, value)));
                    return items;
                default:
                    throw unknown(name, arguments);
            }
        }

        private static ELException unknown(String name, Object[] arguments) {
            return new ELException("the method " + name + " with " + arguments.length + " arguments is not supported");
        }

        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            return null;
        }

        @Override
        public Class<?> getType(ELContext context, Object base, Object property) {
            return null;
        }

        @Override
        public void setValue(ELContext context, Object base, Object property, Object value) {}

        @Override
        public boolean isReadOnly(ELContext context, Object base, Object property) {
            return true;
        }

        @Override
        public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
            return null;
        }

        @Override
        public Class<?> getCommonPropertyType(ELContext context, Object base) {
            return Object.class;
        }
    }
}
