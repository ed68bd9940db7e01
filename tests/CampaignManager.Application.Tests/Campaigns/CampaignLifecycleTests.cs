using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using static CampaignManager.Application.Campaigns.CampaignAction;
using static CampaignManager.Application.Campaigns.CampaignStatus;

namespace CampaignManager.Application.Tests.Campaigns;

/// <summary>Role × state × action × whose campaign, exhaustively, against the sentence of the rules and not against the table.</summary>
public sealed class CampaignLifecycleTests
{
    private const string Me = "me";

    private static readonly CampaignStake[] Stakes =
    [
        new("other"),
        new(Me),
        new("other", SubmittedById: Me),
        new("other", LastEditedById: Me),
    ];

    [Fact]
    public void Check_EveryCombination_FollowsTheRules()
    {
        string[][] roles = [[], [Roles.Marketer], [Roles.Manager], [Roles.Admin], [Roles.Marketer, Roles.Manager]];
        var (allowed, refused) = (0, 0);
        foreach (var action in Enum.GetValues<CampaignAction>())
        {
            foreach (var status in Enum.GetValues<CampaignStatus>())
            {
                foreach (var stake in Stakes)
                {
                    foreach (var role in roles)
                    {
                        var expected = StateAllows(action, status) && PersonMay(action, stake, role);
                        var may = CampaignLifecycle.Check(action, status, stake, Actor.Of(Me, "Me", role)) is null;
                        Assert.True(expected == may, $"{string.Join('+', role)} {action} {status} {stake}: expected {expected}, was {may}");
                        _ = may ? allowed++ : refused++;
                    }
                }
            }
        }

        Assert.True(allowed > 100 && refused > 100);
    }

    [Theory]
    [InlineData(Submit, InReview)]
    [InlineData(Approve, Approved)]
    [InlineData(Reject, Draft)]
    [InlineData(Withdraw, Draft)]
    [InlineData(Launch, Live)]
    [InlineData(Pause, Paused)]
    [InlineData(Resume, Live)]
    [InlineData(End, Ended)]
    [InlineData(Archive, Archived)]
    public void To_Action_LeadsOn(CampaignAction action, CampaignStatus to) => Assert.Equal(to, CampaignLifecycle.To(action));

    [Theory]
    [InlineData(Approve, Draft, "wrong-state", FailureKind.Conflict)]
    [InlineData(Launch, InReview, "wrong-state", FailureKind.Conflict)]
    public void Check_WrongState_IsAConflict(CampaignAction action, CampaignStatus status, string code, FailureKind kind)
    {
        var failure = CampaignLifecycle.Check(action, status, Stakes[0], Actor.System)!;
        Assert.Equal((code, kind), (failure.Code, failure.Kind));
    }

    [Theory]
    [InlineData(InReview, "in review", "Withdraw it first.")]
    [InlineData(Live, "live", "extend it or top it up")]
    [InlineData(Ended, "ended", "Duplicate it")]
    public void Check_EditInAWrongState_SaysWhichAndWhatToDo(CampaignStatus status, string state, string instead)
    {
        var failure = CampaignLifecycle.Check(Edit, status, Stakes[1], Actor.Of(Me, "Me", Roles.Marketer))!;
        Assert.Contains(state, failure.Message, StringComparison.Ordinal);
        Assert.Contains(instead, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Roles.Manager)]
    [InlineData(Roles.Admin)]
    public void Check_ApproveOwn_SaysWhy(string role)
    {
        foreach (var stake in Stakes[1..])
            Assert.Equal("own-campaign", CampaignLifecycle.Check(Approve, InReview, stake, Actor.Of(Me, "Me", role))!.Code);
    }

    [Fact]
    public void Allowed_ManagerOnAnothersReview_IsToDecideOrCopy() =>
        Assert.Equal([Approve, Reject, Duplicate], CampaignLifecycle.Allowed(InReview, Stakes[0], Actor.Of(Me, "Me", Roles.Manager)));

    private static bool StateAllows(CampaignAction action, CampaignStatus status) => action switch
    {
        Edit or Delete or Submit => status == Draft,
        Approve or Reject or Withdraw => status == InReview,
        Launch => status == Approved,
        Pause => status == Live,
        Resume => status == Paused,
        End or RequestChange or DecideChange => status is Approved or Live or Paused,
        Archive => status == Ended,
        Duplicate => true,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static bool PersonMay(CampaignAction action, CampaignStake stake, string[] roles)
    {
        var manages = roles.Contains(Roles.Manager) || roles.Contains(Roles.Admin);
        var involved = stake.OwnerId == Me || stake.SubmittedById == Me || stake.LastEditedById == Me;
        return action switch
        {
            Duplicate => roles.Length > 0,
            Approve or Reject or DecideChange => manages && !involved,
            Launch or Pause or Resume => manages,
            Withdraw => (manages && involved) || (roles.Contains(Roles.Marketer) && stake.OwnerId == Me),
            _ => manages || (roles.Contains(Roles.Marketer) && stake.OwnerId == Me),
        };
    }
}
