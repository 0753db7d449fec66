package dev.cleave.cloud.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Asks {@link ApiAccess} before every request. It is made before there are settings, which therefore are read there. */
@Provider
public class ApiGuard implements ContainerRequestFilter {
    private final ApiAccess access;

    @Inject
    ApiGuard(ApiAccess access) {
        this.access = access;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        access.refuses(request).ifPresent(problem -> request.abortWith(problem.response()));
    }
}
