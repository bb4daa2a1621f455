/** Any stage of any program as text: what {@code --emit} and the playground's panes show. */
@NullMarked
package dev.turnout.driver.stage;

import org.jspecify.annotations.NullMarked;
