# Where a case stands, as its family reads it: on the tracker's page, in a chat, in a letter. One sentence or two for each fact.
standing-reference = Your reference is { $reference }.
standing-received = We received it on { $date }.

# Where it stands now.
standing-state-to-confirm = We have what you sent us. A person in our team is reading it and checking how we should deal with it.
standing-state-no-complaint = We have what you sent us, and we are not dealing with it as a complaint. If you want to complain, tell us. You do not need a form or any special words.
standing-state-concern = We are looking into what you told us. It is not a formal complaint now. If you want it to be one, tell us.
standing-state-undecided = We are looking into your complaint. There are two procedures for complaints about children’s services, and we are deciding which is the right one. You do not lose any time while we decide.
standing-state-stage1 = We are looking into your complaint. It is at stage 1.
standing-state-advocate-wanted = We are finding an advocate for you: somebody independent, who helps you to say what you want. The time for our answer stands still until then.
standing-state-stage1-answered = You have our answer at stage 1.
standing-state-stage2 = Your complaint is at stage 2. Somebody who did not deal with it before is looking into it.
standing-state-stage2-answered = You have our answer at stage 2.
standing-state-stage3 = Your complaint is at stage 3. A review panel will meet.
standing-state-panel-held = Your complaint is at stage 3. The review panel has met, and is writing its report.
standing-state-panel-reported = Your complaint is at stage 3. The review panel has made its report, and we will tell you what we do about it.
standing-state-stage3-answered = You have our answer at stage 3.
standing-state-paused = Your complaint waits for a court or the police. The time for our answer stands still until then.
standing-state-withdrawn = You took your complaint back. If you change your mind, tell us.
standing-state-not-accepted = We told you that we cannot take this as a complaint, and why.
standing-state-closed = We have closed this. You can still write to us about it.
standing-state-merged = We are looking into this together with another message about the same matter.
standing-merged-into = We are looking into this together with { $reference }, which is about the same matter.
standing-was = Its reference was { $reference } before. We look into it together with another message about the same matter.

# Which procedure it follows. -perhaps: nobody has decided yet.
standing-procedure-statutory = It follows the children’s social care complaints procedure, which has three stages. The law for it is the Children Act 1989.
standing-procedure-corporate = It follows the council’s own complaints procedure, which has two stages.
standing-procedure-statutory-perhaps = We think that it belongs in the children’s social care complaints procedure. A person checks this.
standing-procedure-corporate-perhaps = We think that it belongs in the council’s own complaints procedure. A person checks this.

# What happens next. -late: that day is over.
standing-next-decide = We will tell you by { $date } how we deal with it.
standing-next-decide-late = We should have told you by { $date } how we deal with it. We are sorry that we have not.
standing-next-answer = We will answer you by { $date }.
standing-next-answer-late = We should have answered you by { $date }. We are sorry that we have not. You can call us and ask why.
standing-next-look-again = On { $date } we look whether it can go on.
standing-next-look-again-late = On { $date } we were to look whether it can go on. You can call us and ask.
standing-next-panel = The panel meets by { $date }.
standing-next-panel-late = The panel should have met by { $date }. We are sorry that it has not. You can call us and ask why.
standing-next-panel-fixed = The panel meets on { $date }. You are invited.
standing-next-panel-fixed-late = The panel was to meet on { $date }.
standing-next-report = The panel makes its report by { $date }.
standing-next-report-late = The panel should have made its report by { $date }. We are sorry that it has not. You can call us and ask why.
standing-next-ask = If you are not satisfied, you can ask for stage { $stage } until { $date }. Any words will do.
standing-next-ask-late = You could ask for stage { $stage } until { $date }. If you still want it, tell us, and tell us why it is later.
standing-next-ombudsman = If you are not satisfied, you can go to the { $name }. It looks into complaints about councils, and it is free. Phone: { $phone }.
standing-ombudsman-any-time = You can ask the { $name } for advice at any time. It is free. Phone: { $phone }.

# What changed.
standing-change-extended = On { $date } we told you that our answer at stage { $stage } takes longer.
standing-change-route = On { $date } we told you which procedure it follows.
standing-change-advocate-wanted = Since { $date } the time for our answer stood still, so that an advocate could be found.
standing-change-paused = On { $date } we told you that it, or a part of it, has to wait.
standing-change-resumed = Since { $date } it goes on.
standing-change-next-stage = On { $date } you asked for stage { $stage }.
standing-change-next-stage-refused = On { $date } we told you that it does not go to stage { $stage }, and why.
standing-change-not-accepted = On { $date } we told you that we cannot take it as a complaint, and why.
standing-change-statement-agreed = On { $date } we agreed with you what the complaint is about.
standing-change-panel-fixed = The day of the panel is { $date }.
standing-change-papers-sent = On { $date } we sent you the papers for the panel.
standing-change-withdrawn = On { $date } you took your complaint back.
standing-change-early-referral = On { $date } we told you that you can go to the Ombudsman without a panel.
standing-change-closed = On { $date } we closed it.
standing-change-reopened = On { $date } we opened it again.

# What was answered.
standing-answer = Our answer at stage { $stage }, on { $date }: { $outcome }
standing-outcome-upheld = upheld. You were right.
standing-outcome-partly-upheld = upheld in part. You were right about some of it.
standing-outcome-not-upheld = not upheld. We did not find that it went wrong.
standing-outcome-no-finding = no finding. We could not tell what happened.
standing-outcome-not-investigated = not looked into. The letter says why.
standing-outcome-resolved = settled as we agreed with you.
standing-outcome-referred = passed to somebody else. The letter says to whom.
standing-outcome-withdrawn = withdrawn by you.

# What was promised. $all and $done are numbers.
standing-promises =
    { $all ->
        [one] We promised to do one thing.
       *[other] We promised to do { $all } things.
    } { $done ->
        [0] It is not done yet.
        [one] One is done.
       *[other] { $done } are done.
    }

# Who deals with it.
standing-who = { $name }, { $role }, is dealing with it. Phone: { $phone }.
standing-who-team = { $name } is dealing with it. Phone: { $phone }.
standing-role-officer = complaints officer
standing-role-complaints-manager = complaints manager

# By which rule. In English the rule is shown as officers read it, with its source.
standing-rule-decide-3 = We tell you within { $days } working days of the day we received it.
standing-rule-s1-10 = The answer at stage 1 comes within { $days } working days of the day we received it.
standing-rule-s1-20 = The answer at stage 1 comes within { $days } working days of the day we received it, when it is complex.
standing-rule-c1-10 = The answer at stage 1 comes within { $days } working days of the day we acknowledged it.
standing-rule-c1-10-and-10 = The answer at stage 1, with more time, comes within { $days } working days of the day we acknowledged it.
standing-rule-s2-25 = The answer at stage 2 comes within { $days } working days of the day you asked for it.
standing-rule-s2-65 = The answer at stage 2 comes within { $days } working days of the day you asked for it, at the latest.
standing-rule-c2-20 = The answer at stage 2 comes within { $days } working days of the day we acknowledged that you asked for it.
standing-rule-c2-20-and-20 = The answer at stage 2, with more time, comes within { $days } working days of the day we acknowledged that you asked for it.
standing-rule-s3-panel-30 = The panel meets within { $days } working days of the day you asked for it.
standing-rule-s3-report-5 = The panel reports within { $days } working days of the day it met.
standing-rule-s3-resp-15 = We answer within { $days } working days of the panel’s report.
