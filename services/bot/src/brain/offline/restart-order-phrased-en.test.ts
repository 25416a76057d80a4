import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** How people phrase it at night in English, by the service that is to be restarted. */
const orders = `
bot: restart the bott
bot: kick the bot please
bot: bounce teh bot
bot: restart bott pls
bot: recycle the bot
bot: reboot the bot would you
bot: bot's frozen, give it a kick
bot: bot hangs again, bounce it
bot: bot is being weird, restart it
bot: oops, i meant the bot, restart the bot
bot: restart the bot not task
bot: forget task, bounce the bot
gateway: [urgent] restart gateway
gateway: restart only gateway
gateway: restart gateway and only gateway
gateway: just gateway, restart it
gateway: only the gateway please, restart it
gateway: restart not logic but gateway
gateway: i meant gateway, restart gateway
gateway: sorry, i meant restart gateway
gateway: no, restart gateway
gateway: no, not logic, restart gateway
gateway: wrong one, restart gateway instead
gateway: pls restart the gw thx
gateway: restart teh gateway
gateway: restart the gatewayy
gateway: restart gw now pls, users are screaming
gateway: users are yelling, restart the gateway
gateway: everything is red, restart gateway
gateway: gateway is red, restart it
gateway: pagers are going off, restart gateway
gateway: it's 3am, just restart gateway
gateway: screw it, just bounce the gateway
gateway: i don't care why, just restart gateway
gateway: don't ask, just restart gateway
gateway: no more debugging, restart gateway
gateway: we tried everything, restart gateway
gateway: nothing works, restart gateway
gateway: i have no idea what's wrong, restart gateway
gateway: gateway could use a restart, please do it
gateway: gateway wants a bounce, go ahead
gateway: gateway is due a restart, do it now
gateway: just give the gateway a kick
gateway: give gateway a good kick
gateway: give the gateway service a quick bounce
gateway: get gateway restarted asap
gateway: get the gateway bounced please
gateway: have gateway restarted please
gateway: bounce the damn gateway
gateway: bounce gateway, will you
gateway: restart gateway, would you?
gateway: restart gateway, could you?
gateway: restart gateway if you would
gateway: be a dear and restart gateway
gateway: emergency restart of gateway please
gateway: hard restart gateway please
gateway: force restart gateway
gateway: force a restart of gateway
gateway: do a quick bounce of gateway
gateway: do a restart on gateway please
gateway: initiate gateway restart
gateway: trigger gateway restart now
gateway: requesting a restart of gateway
task: give task a kick
task: give task a bounce please
task: kick task please
task: recycle task
task: recycle the task service please
task: cycle task
task: power-cycle task
task: power cycle the task service
task: reboot task for me
task: turn task off and on again
task: task needs a restart, do it
task: task needs restarting, go ahead
task: task needs a bounce, please do it
task: restart taskk
task: restart the tsak service
task: please can you kick the task service
task: please can somebody bounce task
task: could you please give task a kick
task: could one of you restart task
task: could anyone on call restart task please
task: is anyone able to restart task
task: would you be a star and restart task
task: if you could restart task that would be great
task: if you could bounce task please
task: it'd be good if you could restart task now
task: appreciate it if you could restart task
task: hoping you can restart task
task: yep, restart task
task: yes please restart task
task: yes do it, restart task
task: do it: restart task
task: ok do it, restart task
task: confirmed, restart task
task: power-cycle task please, it hangs
task: turn task off and back on please
task: could you turn task off and on again
task: recycle task for me would you
task: task could do with a restart, please do it
task: task needs to be restarted, go ahead
task: task has to be restarted, do it now
task: please initiate a restart of task
task: kick off a task restart
task: trigger a task restart please
task: issue a restart for task
task: run a rolling restart of task please
task: get task bounced please
task: would it be possible to get task restarted
task: would it be possible to have task restarted please
task: might you restart task
task: can you help restart task
task: help me restart task please
task: help, restart task
logic: go ahead and bounce logic
logic: go for it, restart logic
logic: do the restart of logic
logic: do restart logic
logic: do restart logic please
logic: please do restart logic now
logic: please proceed with the logic restart
logic: please perform a rolling restart on logic
logic: run a restart on logic
logic: proceed to restart logic
logic: logic - restart it please
logic: can someone give logic a restart
logic: can somebody please kick logic
logic: would somebody restart logic please
logic: would you mind giving logic a restart
logic: mind giving logic a kick?
logic: could you maybe give logic a restart
logic: could you do me a favour and restart logic
logic: can we get a restart on logic
logic: can we get a restart of logic please
logic: can we please get logic restarted
logic: can we just restart logic please
logic: can i get a logic restart
logic: can i please have logic restarted
logic: i want logic restarted now
logic: i'd like a restart of logic
logic: logic has to be restarted, please do it
logic: logic must be restarted now, do it please
logic: hey, mind restarting logic?
logic: logic please, restart it
logic: can we please just bounce logic
logic: someone please restart logic
logic: somebody bounce logic please
logic: i need someone to restart logic
logic: please have logic restarted
logic: logic's wedged again, give it a kick please
logic: logic is dead in the water, restart it
logic: logic has been down for 20 minutes, restart it
logic: logic down since 2am, please restart
logic: logic's been timing out for an hour, bounce it
logic: logic is not coming back, restart it
logic: kick logic, it's stuck
logic: just kick logic already
logic: reboot logic, cheers mate
logic: logic restart, please and thank you
logic: restart logic and logic only
logic: restart just logic
logic: it's logic, restart it
nats: restart natss
nats: restart the mq please
nats: bounce mq
nats: as per the change ticket, restart nats
mysql: restart the database
mysql: restart the db now!!!
mysql: db restart pls
mysql: mysql restart now please
mysql: never mind the queries, just restart mysql
mysql: out of options, restart mysql
`;
const rows = orders
  .trim()
  .split("\n")
  .map((line) => /^(\w+): (.+)$/.exec(line)?.slice(1) ?? ["", line]);

test.each(rows)("a restart of %s is ordered by %s, too", (service, text) => {
  expect(understand(text ?? "", null)).toMatchObject({
    intent: "restart_service",
    args: { service },
  });
});
