# Draft: to be read by a person who speaks the language before it is used.

# Where a case stands, as its family reads it: on the tracker's page, in a chat, in a letter. One sentence or two for each fact.
standing-reference = Your number with us is { $reference }.
standing-received = We got it on { $date }.

# Where it stands now.
standing-state-to-confirm = We have your message. A person is reading it now.
standing-state-no-complaint = We have your message. It is not a complaint for us. Do you want to complain? Tell us. You do not need a form.
standing-state-concern = We are looking into what you told us. It is not a complaint yet. Do you want it to be one? Tell us.
standing-state-undecided = We are looking into your complaint. There are two ways to deal with complaints. We are choosing the right one. You do not lose time.
standing-state-stage1 = We are looking into your complaint. This is step 1.
standing-state-advocate-wanted = We are finding a helper for you. The helper is called an advocate. They are on your side. We wait until you have one.
standing-state-stage1-answered = We have answered you. That was step 1.
standing-state-stage2 = Your complaint is at step 2. A new person is looking into it.
standing-state-stage2-answered = We have answered you again. That was step 2.
standing-state-stage3 = Your complaint is at step 3. A group of people will meet about it.
standing-state-panel-held = Your complaint is at step 3. The group has met. It is writing down what it thinks.
standing-state-panel-reported = Your complaint is at step 3. The group has told us what it thinks. We will tell you what we do.
standing-state-stage3-answered = We have answered you. That was step 3, the last one.
standing-state-paused = Your complaint has to wait for a court or the police.
standing-state-withdrawn = You stopped your complaint. You can change your mind. Tell us.
standing-state-not-accepted = We told you that we cannot take this as a complaint. We told you why.
standing-state-closed = This is finished for us. You can still write to us.
standing-state-merged = We look into this together with another message about the same thing.
standing-merged-into = We look into this together with { $reference }. It is about the same thing.
standing-was = Its number was { $reference } before. We look into it together with another message about the same thing.

# Which procedure it follows. -perhaps: nobody has decided yet.
standing-procedure-statutory = There can be three steps. The law for it is the Children Act 1989.
standing-procedure-corporate = There can be two steps.
standing-procedure-statutory-perhaps = We think that it can have three steps. A person checks this.
standing-procedure-corporate-perhaps = We think that it can have two steps. A person checks this.

# What happens next. -late: that day is over.
standing-next-decide = We tell you by { $date } what we do with it.
standing-next-decide-late = We wanted to tell you by { $date } what we do with it. We are sorry that we are late.
standing-next-answer = You get our answer by { $date }.
standing-next-answer-late = You should have our answer since { $date }. We are sorry that we are late. You can call us and ask why.
standing-next-look-again = On { $date } we look if it can go on.
standing-next-look-again-late = We wanted to look on { $date } if it can go on. You can call us and ask.
standing-next-panel = The group meets by { $date }.
standing-next-panel-late = The group should have met by { $date }. We are sorry that this is late. You can call us and ask why.
standing-next-panel-fixed = The group meets on { $date }. You can come.
standing-next-panel-fixed-late = The group was to meet on { $date }.
standing-next-report = The group writes down what it thinks by { $date }.
standing-next-report-late = The group should have finished by { $date }. We are sorry that this is late. You can call us and ask why.
standing-next-ask = Not happy with it? You can ask for step { $stage } until { $date }. Any words will do.
standing-next-ask-late = You could ask for step { $stage } until { $date }. Do you still want it? Tell us, and tell us why it is later.
standing-next-ombudsman = Not happy with it? You can go to the { $name }. They check what councils do. It is free. Phone: { $phone }.
standing-ombudsman-any-time = You can ask the { $name } for help at any time. It is free. Phone: { $phone }.

# What changed.
standing-change-extended = On { $date } we told you that our answer at step { $stage } takes longer.
standing-change-route = On { $date } we told you how we deal with it.
standing-change-advocate-wanted = From { $date } we waited, so that you get a helper.
standing-change-paused = On { $date } we told you that it has to wait.
standing-change-resumed = From { $date } it goes on.
standing-change-next-stage = On { $date } you asked for step { $stage }.
standing-change-next-stage-refused = On { $date } we told you that there is no step { $stage }. We told you why.
standing-change-not-accepted = On { $date } we told you that we cannot take it as a complaint. We told you why.
standing-change-statement-agreed = On { $date } we agreed with you what it is about.
standing-change-panel-fixed = The group meets on { $date }.
standing-change-papers-sent = On { $date } we sent you the papers.
standing-change-withdrawn = On { $date } you stopped your complaint.
standing-change-early-referral = On { $date } we told you that you can go to the Ombudsman now.
standing-change-closed = On { $date } we finished it.
standing-change-reopened = On { $date } we started it again.

# What was answered.
standing-answer = Our answer at step { $stage }, on { $date }: { $outcome }
standing-outcome-upheld = you were right.
standing-outcome-partly-upheld = you were right about some of it.
standing-outcome-not-upheld = we did not find that it went wrong.
standing-outcome-no-finding = we could not tell what happened.
standing-outcome-not-investigated = we did not look into it. The letter says why.
standing-outcome-resolved = we agreed with you what to do.
standing-outcome-referred = somebody else deals with it. The letter says who.
standing-outcome-withdrawn = you stopped it.

# What was promised. $all and $done are numbers.
standing-promises =
    { $all ->
        [one] We promised 1 thing.
       *[other] We promised { $all } things.
    } { $done ->
        [0] It is not done yet.
        [one] 1 is done.
       *[other] { $done } are done.
    }

# Who deals with it.
standing-who = Who deals with it: { $name }, { $role }. Phone: { $phone }.
standing-who-team = { $name } deals with it. Phone: { $phone }.
standing-role-officer = complaints officer
standing-role-complaints-manager = complaints manager

# By which rule. In English the rule is shown as officers read it, with its source.
standing-rule-decide-3 = We tell you within { $days } working days. Working days are Monday to Friday.
standing-rule-s1-10 = The rule for step 1 is { $days } working days after we got it.
standing-rule-s1-20 = The longest time for step 1 is { $days } working days after we got it.
standing-rule-c1-10 = The rule for step 1 is { $days } working days after we wrote that we have it.
standing-rule-c1-10-and-10 = The longest time for step 1 is { $days } working days after we wrote that we have it.
standing-rule-s2-25 = The rule for step 2 is { $days } working days after you asked.
standing-rule-s2-65 = The longest time for step 2 is { $days } working days after you asked.
standing-rule-c2-20 = The rule for step 2 is { $days } working days after we wrote that you asked.
standing-rule-c2-20-and-20 = The longest time for step 2 is { $days } working days after we wrote that you asked.
standing-rule-s3-panel-30 = The rule is { $days } working days after you asked.
standing-rule-s3-report-5 = The rule is { $days } working days after the group met.
standing-rule-s3-resp-15 = The rule is { $days } working days after the group told us what it thinks.
