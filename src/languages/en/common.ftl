# What stands in more than one place.

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
# $day and $year are digits.
long-date = { $weekday } { $day } { $month } { $year }
# $time is as in 9:07pm, $clock as in 21:07.
moment = { $date } at { $time }

danger-line = If you or a child is in danger now, call 999.
exit-this-page = Exit this page
language-choice = Language
language-draft = This translation has not been checked by a person yet. Where it matters, go by the English.
larger-print = Larger letters
usual-print = Usual letters
skip-to-content = Skip to main content
back = Back
there-is-a-problem = There is a problem
error-prefix = Error:
accessibility-statement = Accessibility statement
privacy-notice = How we use what you tell us
how-complaining-works = How complaining works
tell-us = Tell us
page-not-found = There is nothing at this address
page-not-found-text = If you typed the address, check that it is right. If you followed a link of ours, it may have ended. Call { $phone } if you need help.
too-many-tries = Too many tries
too-many-tries-text = Wait a few minutes, then try again. If you need help now, call { $phone }.
page-too-large = That was too much at once
page-too-large-text = Nothing was sent. Shorten it, or send fewer or smaller files. You can also call { $phone }, and we write it down for you.
page-too-slow = That took too long
page-too-slow-text = We do not know whether everything has arrived. Go back and try again, or call { $phone }.
page-refused = That did not work
page-refused-text = Nothing was sent. Go back and try again. If it does not work, call { $phone }.
page-broken = This does not work at the moment
page-broken-text = We are sorry. Try again in a few minutes. If you want to tell us something now, call { $phone }.
