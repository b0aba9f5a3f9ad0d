/**
 * What is allowed or changed on a route: the order of its rules and how a request goes through them. The packages below
 * hold one kind of rule each; imports none of them, and neither {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy;

import org.jspecify.annotations.NullMarked;
