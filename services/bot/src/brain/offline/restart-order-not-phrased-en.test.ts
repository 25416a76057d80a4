import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** Nearly the phrases of an order, in English. */
const texts = `
bob: restart logic
per the docs restart logic
according to the runbook restart logic
according to bob, restart logic
as bob said, restart logic
as bob suggested restart logic
as usual, restart logic fixed it
ask bob to restart logic
have bob restart logic
let bob restart logic
give task a kick?
should i give task a kick
would a kick help task
who kicked task
task got kicked
task got a kick
i gave task a kick
bob gave logic a restart
bob gives logic a restart
give task a kick if it hangs
give task a kick when it hangs
give task more memory
give bob a restart
kick bob
kick the user
kick bob off gateway
kick everyone off gateway
kick users from gateway
kick off task
kick off the task
recycle the old logs
recycle bin of mysql
cycle time of task
cycle through the logs of task
task cycle takes long
power-cycle the server
power cycle the host of mysql
does power-cycling task help
turn task off
turn logic off
turn gateway off and leave it off
switch task off
turn it off and on again? lol
have you tried turning gateway off and on again
did you turn logic off and on again
logic needs a restart?
does logic need a kick
logic needs a kick
logic needs restarting
logic needs a restart i think
logic might need a restart
logic needs a restart, do you agree
logic needs a restart, don't you think
logic needs a restart, don't do it
logic needs a restart, but don't do it
logic needs a restart, do it later
logic needs a restart, do it tomorrow
logic needs a restart, bob will do it
logic needs a restart, who does it
logic needs a restart, can bob do it
logic needs a restart, do we do it
logic needs a restart, i'll do it
logic needs a restart, did it
logic needs a restart, done
do we restart logic
do i restart logic
do restarts of logic help
do not do it, restart logic
did you do the restart of logic
go ahead with the logic restart?
shall i go ahead and restart logic
can i go ahead and restart logic
may i restart logic
i'll go ahead and restart logic
we'll go ahead and restart logic
bob went ahead and restarted logic
let bob go ahead and restart logic
don't go ahead and restart logic
not logic but gateway restarted
not logic, gateway restarted
no, gateway restarted
no, don't restart gateway
no, not restart gateway
no, restart gateway was wrong
no restart gateway
wrong, restart gateway didn't help
wrong one, you restarted gateway instead
i meant gateway restarted
i meant the restart of gateway
i meant don't restart gateway
i meant to restart gateway
i meant to say don't restart gateway
sorry, i restarted gateway
sorry, restart gateway failed
only gateway restarted
only gateway was restarted
only the gateway needs restarting, right
just gateway restarted
nothing works after restart of gateway
nothing works, restart gateway did nothing
nothing works, should i restart gateway
we tried everything, even restart gateway
we tried restart gateway
we tried everything: restart gateway, restart logic
everything is red since restart of gateway
everything is red, gateway restarted
i don't care about the gateway restart
i don't care, don't restart gateway
don't ask me to restart gateway
don't ask, i restarted gateway
don't ask who restarted gateway
it's 3am, who restarted gateway
it's 3am, bob, restart gateway
it's 3am and gateway restarted
can someone restart logic without asking
can someone restart logic by accident
who can give logic a restart
how do i give logic a restart
why give logic a restart
what does give logic a restart do
can we get a restart count of logic
can i get the restart history of logic
i want logic not restarted
i want to restart logic tomorrow
would you mind not restarting logic
would you mind checking before restarting logic
feel free to restart logic tomorrow
feel free to restart logic if it hangs
feel free not to restart logic
you can restart logic if you want
you can restart logic with /restart
you may restart logic after 3
time to restart logic?
is it time to restart logic
appreciate it if you could not restart logic
hoping logic restarts soon
force restart gateway?
force restart gateway deletes sessions?
emergency restart of gateway failed
emergency restart procedure of gateway
restart requested for gateway by bob
requested a restart of gateway
restart request for gateway was denied
request to restart gateway denied
bounce rate of gateway
bounced mails from gateway
bounce gateway, would you say
restart gateway, would you say
restart gateway, would that help
restart gateway, could that help
restart gateway, can it
bob, restart logic
@bob restart logic
hey bob restart logic
everyone says restart nats
i informed users of the logic restart
change 12345 restart nats
change 12345: nats restart
was it your call to restart mysql
wrong, mysql restart
no, mysql restart
no, mysql restarted
no, you restart mysql
nope, restart mysql failed
oops, restarted mysql
oops, mysql restart
typo, mysql restarted
i meant mysql restart
i meant a restart of mysql
i mean, should we restart mysql
i mean restart mysql?
not task but mysql restarted
not task but mysql restart
don't restart task but mysql
don't restart task but mysql restarted
restart not task but mysql?
restart task, not really
restart task not
not mysql but task needs a restart
turn task off and on again?
did turning task off and on again help
i turned task off and on again
we turn task off and on again
task off and on again
task goes off and on again
task needs a restart
task needs a restart now
task must be restarted
task must be restarted?
task should be restarted, agree?
task should be restarted, thanks
task could use a restart
task could use a restart, thanks
task has to be restarted, says bob
if you could restart task, would it help
if you could restart task, would you
if someone could restart task, who would it be
have task restarted
have task restarted?
have you restarted task
give task a bounce?
kick task?
recycle task?
recycle task, they said
one by one restart
cycle through gateway and logic
[error] restart gateway
[ERROR] please restart gateway
`;

test.each(texts.trim().split("\n"))("%s only looks like an order", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
  expect(understand(text, understand("is the gateway ok?", null)).intent).not.toBe(
    "restart_service",
  );
});
