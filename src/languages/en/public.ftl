# The public pages: how complaining works, advocacy, the Ombudsman, privacy, accessibility, and the line of steps.

pages = Pages
menu = Menu
nav-how = How it works
nav-tell-us = Tell us
nav-advocacy = Help to complain
nav-ombudsman = Not happy with our answer
nav-changed = What we changed

how-title = How complaining works
how-lead = You can tell us that something is wrong in any way you like: by this website, by email, by phone, by message, or to anybody who works for us. It all counts from the day it reaches us.
how-tell-us = Tell us now
how-safe-title = It is safe to complain
how-safe-text = Complaining is your right. Nobody may treat you or your child worse because of it. Whoever a complaint is about does not deal with it and cannot open it.
how-who-title = Who can complain
how-who-text = Children and young people, parents, carers, foster carers, care leavers, and anybody who cares about a child. Somebody else can speak for you.
how-late-text = It helps to tell us within a year. If it is longer ago, tell us all the same: we look at why.
how-two-title = Two ways it can go
how-two-text = The law has a procedure of its own for children’s social care. Everything else goes by the council’s own procedure. You do not need to know which: we tell you, and why.
how-adjustments-title = If something makes this hard
how-contact-title = Ask us
how-contact-text = { $service }: call { $phone } or write to { $email }.
how-hours = Calls are answered { $hours }.

map-title = The steps of a complaint
map-tell-us = Tell us that something is wrong
statutory-title = Children’s social care
statutory-text = For example social workers, children in need, children in care, fostering, leaving care.
corporate-title = Everything else
corporate-text = For example special educational needs, school transport, early help.
map-yours = Your turn
map-told = You tell us
map-told-text = In any words, in any way.
map-heard = We say that we have it
map-heard-text = You get a reference, the name of whoever looks after it, and the date of the answer.
map-answer = Stage 1: the first answer
map-answer-text = Somebody who manages the service looks into it and answers every point.
map-ask-second = You can ask for stage 2
map-ask-second-text = If you are not happy with the answer. You can ask later too: tell us why.
map-investigation = Stage 2: an investigation
map-investigation-text = An investigator and an independent person look into it. You get both reports and the decision.
map-second-answer = Stage 2: a second look
map-second-answer-text = Somebody who had no part in the first answer looks at all of it.
map-ask-panel = You can ask for stage 3
map-ask-panel-text = If you are not happy with the decision at stage 2.
map-panel = Stage 3: a panel
map-panel-text = Three people, most of them independent, hear you and the council.
map-panel-answer = The council answers the panel
map-panel-answer-text = You get the panel’s report, and what the council does about it.
map-ombudsman = The Ombudsman
map-ombudsman-text = You can go to the Ombudsman at any time. Usually they ask you to finish the steps here first.
within-working-days = { $n ->
    [one] within { $n } working day of { $from }
   *[other] within { $n } working days of { $from }
}
within-days = { $n ->
    [one] within { $n } day of { $from }
   *[other] within { $n } days of { $from }
}
within-months = { $n ->
    [one] within { $n } month of { $from }
   *[other] within { $n } months of { $from }
}
longest-working-days = { $n ->
    [one] { $n } working day at the latest, if it is complex
   *[other] { $n } working days at the latest, if it is complex
}
longest-days = { $n ->
    [one] { $n } day at the latest, if it is complex
   *[other] { $n } days at the latest, if it is complex
}
longest-months = { $n ->
    [one] { $n } month at the latest, if it is complex
   *[other] { $n } months at the latest, if it is complex
}
from-receipt = the day it reached us
from-acknowledgement = the day we said that we have it
from-first-answer = the day you got the first answer
from-second-request = the day you asked for stage 2
from-second-acknowledgement = the day we said that we have your request
from-second-answer = the day you got the decision at stage 2
from-panel-request = the day you asked for a panel
from-panel = the day of the panel
from-panel-report = the day we got the panel’s report
from-withdrawal = the day it was withdrawn
from-matter = the day it happened
map-working-days = Working days are Monday to Friday without bank holidays.
map-rules = The rules behind these days

advocacy-title = Help to complain
advocacy-lead = An advocate is on your side. They help you say what you want to say, go to meetings with you, and check that you are answered. It is free.
advocacy-right = Children and young people in care, in need or leaving care have a right to an advocate when they complain. Parents and carers can ask too.
advocacy-here = Here it is { $name }.
advocacy-call = Call { $phone } or write to { $email }.
advocacy-site = Website of { $name }
advocacy-apart = They do not work for the council. They tell us nothing that you do not want us to know, unless somebody is in danger.
advocacy-children-title = For children and young people
advocacy-young = A short page to tell us

ombudsman-title = If you are not happy with our answer
ombudsman-lead = You can go on. Our answer always says how, and by when.
ombudsman-next-title = Ask us for the next stage
ombudsman-next-text = Reply to our letter, call us, or use the form. You do not need special words: say that you are not happy with the answer, and why if you like.
ombudsman-who-title = Ask the Ombudsman
ombudsman-who-text = The { $name } is independent of the council, and free. They look at whether we did things properly.
ombudsman-when = You can ask them at any time. They usually want the council to have answered first, or to have taken far too long. Tell them within a year of when you knew of it.
ombudsman-call = Call { $phone }.
ombudsman-site = Website of the Ombudsman
ombudsman-else-title = Some things go another way
ombudsman-else-text = Decisions about an education, health and care plan can be appealed to the SEND Tribunal. Decisions of a court can only be changed by a court. What we do with personal data you can also take to the Information Commissioner. Tell us anyway: we say what goes where.

changed-title = What we changed
changed-lead = Because people told us what was wrong, these things are different now. Nobody is named here.
changed-said = You said:
changed-did = We did:
changed-none = There is nothing here yet. We write here what we change.

privacy-title = How we use what you tell us
privacy-lead = { $council } uses what you tell us to look into it, to answer you, and to do better.
privacy-what-title = What we keep
privacy-what = Your words, your files, how you can be reached, and what was done. Nothing from the form is kept before you press Send. Your address on the internet is not kept with it.
privacy-why-title = Why we may
privacy-why = The law makes us deal with complaints about children’s services: this is a task in the public interest and a duty. For facts about health and the like, it is the care of children and a substantial public interest.
privacy-who-title = Who reads it
privacy-who = The complaints team, whoever must look into it, and an independent person, a panel or the Ombudsman if it goes so far. Never whoever it is about, unless they must answer to it. If a child may be in danger, we tell those who protect children.
privacy-machine = A computer program of ours sorts messages by what they seem to be about. It decides nothing: a person looks at each. Your words are not sent to anybody else for this.
privacy-long-title = How long we keep it
privacy-long = { $years ->
    [one] { $years } year after it is over, then a person looks whether it can go.
   *[other] { $years } years after it is over, then a person looks whether it can go.
}
privacy-long-statutory = { $years ->
    [one] In children’s social care { $years } year.
   *[other] In children’s social care { $years } years.
}
privacy-rights-title = Your rights
privacy-rights = You can ask for a copy of what we keep of you, have it put right, and object. Ask { $name }: { $email }.
privacy-ico = If you are not happy with that, tell the Information Commissioner: call 0303 123 1113.
privacy-ico-site = Website of the Information Commissioner
privacy-cookies-title = Cookies
privacy-cookies = One cookie, only if you choose a language or larger letters: it remembers that choice and nothing else.

access-title = Accessibility statement
access-lead = This is about the pages of { $service } that families use. Officers have a statement of their own.
access-how-title = How accessible these pages are
access-how = They aim to meet the Web Content Accessibility Guidelines 2.2 at level AA. They work without scripts, on a small phone, in larger letters, and on paper.
access-not = Nobody outside has audited them yet, so we cannot say that they fully meet the guidelines. A program tests each page whenever it is changed; it finds only some faults. People with screen readers have not tested them yet.
access-letters-title = Letters and files
access-letters = You can have every letter in large print or as easy read: tell us. The files that people send us we cannot change.
access-tell-title = Tell us what does not work
access-tell = Call { $phone } or write to { $email }. We answer within ten working days.
access-eass = If you are not happy with our answer about this, contact the Equality Advisory and Support Service.
access-officers = Statement for officers’ pages
