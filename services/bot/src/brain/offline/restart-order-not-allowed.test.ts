import { expect, test } from "vitest";
import { understand } from "./understand.ts";

/** The same in English. */
const texts = `
oncall said restart logic
oncall wants logic restarted
oncall asked me to restart logic
oncall is restarting logic
oncall will restart logic
oncall should restart logic
oncall restarted logic, ok?
ok from oncall to restart logic?
is it ok from oncall to restart logic
did oncall approve the restart of logic
did oncall say restart logic
oncall didn't approve, don't restart logic
oncall did not approve the logic restart
oncall has not approved, restart logic later
not approved yet, restart logic
not approved: restart logic
approved? then restart logic
approved? restart logic
is it approved? restart logic
once approved, restart logic
once approved restart logic
when approved, restart logic
if approved, restart logic
after approval, restart logic
after approval restart logic
pending approval, restart logic
restart logic pending approval
restart logic when approved
restart logic once oncall is ok with it
restart logic if oncall is ok with it
restart logic, oncall said no
restart logic, oncall is not ok with it
restart logic, oncall disagrees
restart logic needs approval
restart logic, approved by whom
restart logic, is it approved
restart logic approved
logic restart approved
logic restart was approved by oncall
logic restart is approved
logic restart per CHG-123 failed
CHG-123 says restart logic
CHG-123: logic restarted
CHG-123: logic restart
what is CHG-123, the restart of logic
who filed CHG-123 to restart logic
CHG-123 asks to restart logic
CHG-123 restarted logic at 3
per CHG-123 logic was restarted
per CHG-123 we restart logic tomorrow
per CHG-123 restart logic at 02:00
per CHG-123 restart logic tonight
as agreed bob restarts logic
as agreed we do not restart logic
as discussed, don't restart logic
as discussed, logic was restarted
as discussed, should we restart logic
change CHG-9 is rejected, restart logic
change CHG-9 not approved, restart logic
change window is closed, restart logic
maintenance window is over, restart logic
during the maintenance window, restart logic
in the maintenance window restart logic
in the next maintenance window, restart logic
boss is fine with it, bob restarts logic
boss is not fine with it, restart logic
boss is fine if we restart logic
boss fine with it? restart logic
boss says no, restart logic
manager signed off on restart logic?
manager has to sign off before you restart logic
got the green light to restart logic?
did we get the green light, restart logic
no green light, restart logic
waiting for the green light to restart logic
tell oncall to restart logic
tell oncall that you restart logic
ask oncall to restart logic
ask the dba before you restart mysql
have the dba restart mysql
let oncall restart logic
i told oncall to restart logic
i've told oncall to restart logic
i told oncall you restart logic
i told oncall, they restart logic
i told bob to restart logic
everyone's been notified that we restart logic
users have been notified of the restart of logic
notify users, restart logic
notify users and restart logic
notify users, then restart logic
users have not been notified, restart logic
backup is running, restart mysql after
backup's not done, restart mysql
backup done? restart mysql
when the backup is done restart mysql
once the backup's done, restart mysql
take a backup, restart mysql
backup failed, restart mysql?
i want to know when logic restarted
dba signed off? restart mysql
dba is away, restart mysql
dba is not ok with it, restart mysql
dba says ok to restart mysql?
dba restart mysql
oncall restart logic
oncall, restart logic
@oncall restart logic
dear dba please restart mysql
my call: don't restart nats
on whose responsibility do we restart nats
nobody objected to the restart of nats
someone objected, restart nats
nobody knows, restart nats
nobody told me you restart nats
everyone knows restart nats helps
oncall knows that logic restarts
oncall knows logic restarts
oncall knows how to restart logic
oncall knows when to restart logic
oncall knows who restarted logic
oncall agreed to restart logic tomorrow
oncall agreed to restart logic
oncall agreed that bob restarts logic
oncall approved, bob will restart logic
oncall approved, logic was restarted
oncall approved, logic restarted
oncall approved, then restart logic
oncall approved, then we restart logic
oncall approved? restart logic
oncall approves then restart logic
oncall is ok with it if we restart logic
oncall is ok with it, should we restart logic
oncall is ok with it, when do we restart logic
oncall is ok with a restart of logic
oncall is aware of the restart of logic
oncall has been told to restart logic
oncall was told that logic restarted
i told oncall, restart logic tomorrow
i told oncall, did they restart logic
i informed oncall that i restart logic
we warned the users about the logic restart
we have sign-off to restart logic?
do we have sign-off, restart logic
without sign-off, restart logic
without approval restart logic
no approval, restart logic
no ok from oncall, restart logic
need the ok from oncall to restart logic
get the ok from oncall, restart logic
get approval from oncall, restart logic
get approval, restart logic
get sign-off then restart logic
waiting for approval, restart logic
i don't have approval, restart logic
i don't have approval to restart logic
change 12345 is not approved, restart nats
change 12345 is approved? restart nats
change 12345 is approved, restart nats tonight
change 12345 is approved, restart nats at 2
change 12345 is approved, nats restarted
change 12345 was approved, nats was restarted
is change 12345 approved, restart nats
ticket OPS-1: nats restart done
ticket OPS-1 restart nats done
restart nats, see OPS-1 for why not
restart nats is OPS-1
OPS-1 is about the restart of nats
under CHG-5 nats was restarted
under CHG-5 who restarts nats
per CHG-5 nats restarts
per CHG-5 nats restart
per CHG-5, nats restart
nats restart per CHG-5
nats restart, per CHG-5
nats restart (CHG-5)
as agreed, nats restart
as agreed nats restarted
as discussed, nats restarted
as agreed with bob, restart nats
backup is done, then restart mysql
backup is done, mysql restarted
backup is done before you restart mysql
backup done after mysql restart
backup done, mysql restart
the backup is not done, restart mysql
is the backup done, restart mysql
nobody is online, mysql restarted
nobody is online when mysql restarts
nobody is online so who restarted mysql
when nobody is online restart mysql
if nobody is online, restart mysql
it's quiet, did mysql restart
it's quiet, mysql restart
low impact, mysql restart
low impact if we restart mysql
what's the impact, restart mysql
my call, mysql restarted
my call was to restart mysql
do we have approval, restart logic
nobody approved, restart logic
nobody approved it, restart logic
i think oncall approved, restart logic
oncall seems ok with it, restart logic
looks like the change is approved, restart logic
`;

test.each(texts.trim().split("\n"))("%s gives no leave and no order", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
  expect(understand(text, understand("is the gateway ok?", null)).intent).not.toBe(
    "restart_service",
  );
});
