package dev.cleave.cloud.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fleet's problem in the field's words: a multiple-choice knapsack of several dimensions. Each group holds devices that are
 * alike; each of them takes one option or none.
 *
 * @param groups of devices that are alike
 * @param capacity that all loads share
 */
record Choice(List<Group> groups, Load capacity) {
    /**
     * Devices that are alike.
     *
     * @param count of them
     * @param weight of each, if it is served
     * @param options that each may take, the cheapest first
     */
    record Group(int count, int weight, List<Option> options) {}

    /** An option, for one device. */
    record Option(double cost, Load load) {}

    /** How many devices of each group take each option. Mutable while it is being made. */
    static final class Assignment {
        private final Choice problem;
        private final int[][] counts;

        Assignment(Choice problem) {
            this.problem = problem;
            counts = new int[problem.groups.size()][];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new int[problem.groups.get(i).options().size()];
            }
        }

        Assignment(Assignment other) {
            problem = other.problem;
            counts = Arrays.stream(other.counts).map(int[]::clone).toArray(int[][]::new);
        }

        int get(int group, int option) {
            return counts[group][option];
        }

        void set(int group, int option, int count) {
            counts[group][option] = count;
        }

        int served(int group) {
            return Arrays.stream(counts[group]).sum();
        }

        long weight() {
            long sum = 0;
            for (int i = 0; i < counts.length; i++) {
                sum += (long) served(i) * problem.groups.get(i).weight();
            }
            return sum;
        }

        double cost() {
            double sum = 0;
            for (int i = 0; i < counts.length; i++) {
                for (int j = 0; j < counts[i].length; j++) {
                    sum += counts[i][j] * problem.groups.get(i).options().get(j).cost();
                }
            }
            return sum;
        }

        Load load() {
            Load sum = Load.NONE;
            for (int i = 0; i < counts.length; i++) {
                for (int j = 0; j < counts[i].length; j++) {
                    sum = sum.plus(problem.groups.get(i).options().get(j).load().times(counts[i][j]));
                }
            }
            return sum;
        }

        /** Returns whether it keeps the capacity and no group has more served than it has. */
        boolean valid() {
            for (int i = 0; i < counts.length; i++) {
                if (served(i) > problem.groups.get(i).count()) {
                    return false;
                }
            }
            return load().within(problem.capacity);
        }

        /** Serves whomever there is room for, the weightiest groups first, each with its cheapest option that fits. */
        void fill() {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                order.add(i);
            }
            order.sort((a, b) -> Integer.compare(
                    problem.groups.get(b).weight(), problem.groups.get(a).weight()));
            Load free = problem.capacity.minus(load());
            for (int group : order) {
                free = fill(group, free);
            }
        }

        private Load fill(int group, Load free) {
            Load left = free;
            int missing = problem.groups.get(group).count() - served(group);
            List<Option> options = problem.groups.get(group).options();
            for (int j = 0; j < options.size() && missing > 0; j++) {
                Load load = options.get(j).load();
                while (missing > 0 && load.within(left)) {
                    counts[group][j]++;
                    missing--;
                    left = left.minus(load);
                }
            }
            return left;
        }
    }
}
