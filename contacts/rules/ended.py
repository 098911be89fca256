"""Why a conversation goes no further, for who received it: pure functions, no writes, no HTTP."""

from contacts.enums import IN_QUEUE, Outcome, Stage, Target

ENDS = {
    Outcome.INTERESTED: "Vos coordonnées sont échangées, et cette conversation est close.",
    Outcome.BOOKED: "Le séjour est terminé, et cette conversation close.",
    Outcome.NO: "La réponse a été non, et {name} le sait. Cette conversation est close.",
    Outcome.FILLED: "La place est prise, et {name} le sait. Cette conversation est close.",
    Outcome.GONE: "Ce n’est plus proposé, et {name} le sait. Cette conversation est close.",
    Outcome.LAPSED: "{name} n’a pas répondu à la question posée\u00a0: cette conversation est close.",
    Outcome.WITHDRAWN: "{name} n’a plus besoin de réponse\u00a0: cette conversation est close.",
    Outcome.CANCELLED: "Le séjour est annulé, et cette conversation close.",
    Outcome.TWIN: "{name} a déjà une demande pour ces nuits\u00a0: celle-ci est close.",
    Outcome.HELPED: "L’équipe VSA a répondu à {name}\u00a0: cette conversation est close.",
    Outcome.REPLIED: "{name} a eu votre réponse, et l’équipe a clos cette conversation.",
}
LISTED = "La demande de {name} est sur la liste d’attente. Si ces nuits se libèrent et que son tour vient, elle vous revient."
ROOM_LAPSED = "La demande est restée sans suite, et {name} le sait. Cette conversation est close."


def why(conversation):
    """One sentence for the page of the recipient; empty while both may write."""
    if conversation.stage in IN_QUEUE:
        words = LISTED
    elif conversation.stage != Stage.CLOSED:
        return ""
    elif conversation.target == Target.ROOM and conversation.outcome == Outcome.LAPSED:
        words = ROOM_LAPSED
    else:
        words = ENDS.get(conversation.outcome, "Cette conversation est close.")
    return words.format(name=conversation.name)
