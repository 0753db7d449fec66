package dev.cleave.transport.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for profiles where a broker loses what is published while a subscription is made: no broker does so on demand. */
@Timeout(60)
class ProfilesTest {
    @Test
    void whatFellBetweenSubscribingAndPublishingIsAskedForAgain() {
        Profiles profiles = new Profiles("cleave/1/profile/key/");
        AtomicInteger asked = new AtomicInteger();
        assertThat(profiles.await(Duration.ofSeconds(40), () -> {
                    asked.incrementAndGet();
                    profiles.heard("cleave/1/profile/key/w1", new byte[] {7});
                }))
                .containsOnlyKeys("w1");
        assertThat(asked).hasValue(1);
    }

    @Test
    void theLimitEndsTheWaitBeforeItIsAskedAgain() {
        Profiles profiles = new Profiles("cleave/1/profile/key/");
        AtomicInteger asked = new AtomicInteger();
        assertThat(profiles.await(Duration.ofMillis(50), asked::incrementAndGet))
                .isEmpty();
        assertThat(asked).hasValue(0);
    }
}
