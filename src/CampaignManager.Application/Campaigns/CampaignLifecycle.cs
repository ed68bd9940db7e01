using CampaignManager.Application.Accounts;

namespace CampaignManager.Application.Campaigns;

public enum CampaignAction
{
    Edit,
    Delete,
    Submit,
    Withdraw,
    Approve,
    Reject,
    Launch,
    Pause,
    Resume,
    End,
    Archive,
    Duplicate,
    RequestChange,
    DecideChange,
}

/// <summary>Who has a stake in a campaign, and so may not be its judge.</summary>
public sealed record CampaignStake(string OwnerId, string? SubmittedById = null, string? LastEditedById = null)
{
    public bool IsHeldBy(string actorId) => OwnerId == actorId || SubmittedById == actorId || LastEditedById == actorId;
}

/// <summary>Who may do what in which state, and where it leads. The one place that knows.</summary>
public static class CampaignLifecycle
{
    private enum Whose
    {
        Nobodys,
        Own,
        Held,
        Others,
        Any,
    }

    /// <summary>One row: the states an action starts from, where it leads (null: stays), and on whose campaigns marketers and managers may do it. Admins may do what managers may.</summary>
    private sealed record Rule(CampaignStatus[] From, CampaignStatus? To, Whose Marketer, Whose Manager);

    private static readonly CampaignStatus[] All = Enum.GetValues<CampaignStatus>();
    private static readonly CampaignStatus[] Running = [CampaignStatus.Approved, CampaignStatus.Live, CampaignStatus.Paused];

    private static readonly Dictionary<CampaignAction, Rule> Table = new()
    {
        [CampaignAction.Edit] = new([CampaignStatus.Draft], null, Whose.Own, Whose.Any),
        [CampaignAction.Delete] = new([CampaignStatus.Draft], null, Whose.Own, Whose.Any),
        [CampaignAction.Submit] = new([CampaignStatus.Draft], CampaignStatus.InReview, Whose.Own, Whose.Any),
        [CampaignAction.Withdraw] = new([CampaignStatus.InReview], CampaignStatus.Draft, Whose.Own, Whose.Held),
        [CampaignAction.Approve] = new([CampaignStatus.InReview], CampaignStatus.Approved, Whose.Nobodys, Whose.Others),
        [CampaignAction.Reject] = new([CampaignStatus.InReview], CampaignStatus.Draft, Whose.Nobodys, Whose.Others),
        [CampaignAction.Launch] = new([CampaignStatus.Approved], CampaignStatus.Live, Whose.Nobodys, Whose.Any),
        [CampaignAction.Pause] = new([CampaignStatus.Live], CampaignStatus.Paused, Whose.Nobodys, Whose.Any),
        [CampaignAction.Resume] = new([CampaignStatus.Paused], CampaignStatus.Live, Whose.Nobodys, Whose.Any),
        [CampaignAction.End] = new(Running, CampaignStatus.Ended, Whose.Own, Whose.Any),
        [CampaignAction.Archive] = new([CampaignStatus.Ended], CampaignStatus.Archived, Whose.Own, Whose.Any),
        [CampaignAction.Duplicate] = new(All, null, Whose.Any, Whose.Any),
        [CampaignAction.RequestChange] = new(Running, null, Whose.Own, Whose.Any),
        [CampaignAction.DecideChange] = new(Running, null, Whose.Nobodys, Whose.Others),
    };

    public static IReadOnlyList<CampaignStatus> From(CampaignAction action) => Table[action].From;

    /// <summary>The state an action leads to; null when the campaign stays where it is.</summary>
    public static CampaignStatus? To(CampaignAction action) => Table[action].To;

    /// <summary>Null when the actor may; otherwise why not. A wrong state is told before a missing right.</summary>
    public static Failure? Check(CampaignAction action, CampaignStatus status, CampaignStake stake, Actor actor)
    {
        var rule = Table[action];
        if (!rule.From.Contains(status))
            return Failure.Conflict("wrong-state", $"A campaign that is {Words(status)} cannot be: {Words(action)}.{Instead(action, status)}");
        var manages = actor.IsAny(Roles.Manager, Roles.Admin);
        if (manages && rule.Manager == Whose.Others && stake.IsHeldBy(actor.Id))
            return new Failure(FailureKind.Forbidden, "own-campaign", "Nobody decides on a campaign that they own, edited last or submitted.");
        var held = rule.Manager != Whose.Held || stake.IsHeldBy(actor.Id);
        if ((manages && rule.Manager != Whose.Nobodys && held) || (actor.Is(Roles.Marketer) && MarketerMay(rule.Marketer, stake, actor)))
            return null;
        if (!held)
            return Failure.Forbidden($"Only who owns, edited or submitted it may do this: {Words(action)}.");
        return Failure.Forbidden(rule.Marketer == Whose.Own
            ? $"Only the owner or a manager may do this: {Words(action)}."
            : $"Only a manager may do this: {Words(action)}.");
    }

    /// <summary>What the actor may do now, in the order of the lifecycle.</summary>
    public static IReadOnlyList<CampaignAction> Allowed(CampaignStatus status, CampaignStake stake, Actor actor) =>
        [.. Enum.GetValues<CampaignAction>().Where(action => Check(action, status, stake, actor) is null)];

    private static bool MarketerMay(Whose whose, CampaignStake stake, Actor actor) => whose switch
    {
        Whose.Any => true,
        Whose.Own => stake.OwnerId == actor.Id,
        Whose.Held => stake.IsHeldBy(actor.Id),
        Whose.Others => !stake.IsHeldBy(actor.Id),
        Whose.Nobodys => false,
        _ => throw new ArgumentOutOfRangeException(nameof(whose), whose, null),
    };

    /// <summary>What to do when rules are to change in a state that does not let them.</summary>
    private static string Instead(CampaignAction action, CampaignStatus status) => (action, status) switch
    {
        (not (CampaignAction.Edit or CampaignAction.Delete or CampaignAction.Submit), _) => "",
        (_, CampaignStatus.InReview) => " Withdraw it first.",
        (_, CampaignStatus.Ended or CampaignStatus.Archived) => " Duplicate it to go on from its rules.",
        _ => " Only its last day and its budget can still change: extend it or top it up, or duplicate it to change more.",
    };

    private static string Words(CampaignStatus status) => status == CampaignStatus.InReview ? "in review" : status.ToString().ToLowerInvariant();

    private static string Words(CampaignAction action) => action switch
    {
        CampaignAction.RequestChange => "extend or top up",
        CampaignAction.DecideChange => "decide on a change",
        _ => action.ToString().ToLowerInvariant(),
    };
}
