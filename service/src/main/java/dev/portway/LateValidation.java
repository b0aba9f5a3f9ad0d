package dev.portway;

import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.ClockProvider;
import jakarta.validation.ConstraintValidatorFactory;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.ParameterNameProvider;
import jakarta.validation.TraversableResolver;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorContext;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.executable.ExecutableValidator;
import jakarta.validation.metadata.BeanDescriptor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dropwizard's bean validation, made when it is first asked for: an environment has to have one, and Portway checks its
 * configuration and its API's requests itself. Making it takes a fifteenth of a start. Thread-safe.
 */
final class LateValidation implements ValidatorFactory, Validator {

    private @Nullable ValidatorFactory made;

    private synchronized ValidatorFactory made() {
        if (made == null) {
            made = Validators.newValidatorFactory();
        }
        return made;
    }

    @Override
    public Validator getValidator() {
        return this;
    }

    @Override
    public ValidatorContext usingContext() {
        return made().usingContext();
    }

    @Override
    public MessageInterpolator getMessageInterpolator() {
        return made().getMessageInterpolator();
    }

    @Override
    public TraversableResolver getTraversableResolver() {
        return made().getTraversableResolver();
    }

    @Override
    public ConstraintValidatorFactory getConstraintValidatorFactory() {
        return made().getConstraintValidatorFactory();
    }

    @Override
    public ParameterNameProvider getParameterNameProvider() {
        return made().getParameterNameProvider();
    }

    @Override
    public ClockProvider getClockProvider() {
        return made().getClockProvider();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return made().unwrap(type);
    }

    @Override
    public synchronized void close() {
        if (made != null) {
            made.close();
        }
    }

    @Override
    public <T> Set<ConstraintViolation<T>> validate(T object, Class<?>... groups) {
        return made().getValidator().validate(object, groups);
    }

    @Override
    public <T> Set<ConstraintViolation<T>> validateProperty(T object, String property, Class<?>... groups) {
        return made().getValidator().validateProperty(object, property, groups);
    }

    @Override
    public <T> Set<ConstraintViolation<T>> validateValue(
            Class<T> type, String property, Object value, Class<?>... groups) {
        return made().getValidator().validateValue(type, property, value, groups);
    }

    @Override
    public BeanDescriptor getConstraintsForClass(Class<?> type) {
        return made().getValidator().getConstraintsForClass(type);
    }

    @Override
    public ExecutableValidator forExecutables() {
        return made().getValidator().forExecutables();
    }
}
