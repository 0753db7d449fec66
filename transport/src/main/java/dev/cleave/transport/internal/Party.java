package dev.cleave.transport.internal;

/**
 * Who connects to a broker, which knows each client by its identifier and ends an earlier connection of the same one.
 *
 * @param kind {@code device} or {@code worker}, for messages
 * @param name unique at the broker among its kind
 * @param setting where a user gives another name
 */
public record Party(String kind, String name, String setting) {
    /** Returns a device. */
    public static Party device(String name) {
        return new Party("device", name, "--device");
    }

    /** Returns a worker. */
    public static Party worker(String name) {
        return new Party("worker", name, "cleave.worker.name");
    }

    /** Returns how a user names an option of the connection, such as {@code trust}. */
    String option(String option) {
        return (kind.equals("device") ? "--" : "cleave.broker.") + option;
    }

    String clientId() {
        return "cleave-" + kind.charAt(0) + "-" + name;
    }
}
