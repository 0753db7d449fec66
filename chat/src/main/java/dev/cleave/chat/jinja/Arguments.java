package dev.cleave.chat.jinja;

import java.util.List;
import java.util.Map;

/**
 * Arguments of a call, filter or test.
 *
 * @param positional without a name
 * @param named by name
 */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /**
     * Puts the arguments into the order of the parameters; null for None.
     *
     * @param who is called, for messages
     * @param parameters names; those without a default come first
     * @param defaults of the last parameters
     */
    Object[] bind(String who, String[] parameters, Object... defaults) {
        if (positional.size() > parameters.length) {
            throw JinjaException.failed(
                    who + " takes at most " + parameters.length + " arguments, not " + positional.size());
        }
        Object[] bound = new Object[parameters.length];
        int optionalFrom = parameters.length - defaults.length;
        for (int i = 0; i < bound.length; i++) {
            boolean named = named().containsKey(parameters[i]);
            if (i < positional.size()) {
                if (named) {
                    throw JinjaException.failed(who + " got two values for '" + parameters[i] + "'");
                }
                bound[i] = positional.get(i);
            } else if (named) {
                bound[i] = named().get(parameters[i]);
            } else if (i >= optionalFrom) {
                bound[i] = defaults[i - optionalFrom];
            } else {
                throw JinjaException.failed(who + " misses the argument '" + parameters[i] + "'");
            }
        }
        for (String name : named.keySet()) {
            if (!List.of(parameters).contains(name)) {
                throw JinjaException.failed(who + " got an unexpected keyword argument '" + name + "'");
            }
        }
        return bound;
    }

    /** Returns the arguments where none may have a name. */
    Object[] plain(String who, int least, int most) {
        if (!named.isEmpty()) {
            throw JinjaException.failed(who + " takes no keyword arguments");
        }
        if (positional.size() < least || positional.size() > most) {
            throw JinjaException.failed(
                    who + " takes " + least + " to " + most + " arguments, not " + positional.size());
        }
        Object[] all = new Object[most];
        for (int i = 0; i < positional.size(); i++) {
            all[i] = positional.get(i);
        }
        return all;
    }

    /** Returns the positional arguments, at most so many, beside any number with names. */
    Object[] withNames(String who, int most) {
        if (positional.size() > most) {
            throw JinjaException.failed(who + " takes at most " + most + " arguments, not " + positional.size());
        }
        return positional.toArray();
    }
}
