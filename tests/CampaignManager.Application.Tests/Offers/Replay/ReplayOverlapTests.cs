using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Offers.Replay;

/// <summary>The draft beside a quarter off shoes, which comes first: O4, O5 and O6 of <see cref="ASmallShop"/> have shoes for 250, so 62.50 off each.</summary>
public sealed class ReplayOverlapTests
{
    private static readonly CampaignRules Quarter = new()
    {
        Offer = new PercentOff { Tiers = [new PercentTier(null, 25)] },
        Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
        Combining = new Combining { Priority = 10 },
    };

    [Fact]
    public async Task Overlap_OtherComesFirst_TakesThresholdsAway()
    {
        await using var room = await ASmallShop.OpenAsync();
        var other = await room.CampaignAsync(Quarter, CampaignStatus.Live, "Shoes");
        var beside = (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers))).Beside;

        // 450 becomes 387.50: 30 instead of 80. 250 becomes 187.50: nothing instead of 30. 350 becomes 287.50: 30 all the same.
        Assert.Equal(new ReplayOverlap(other, "Shoes", CampaignStatus.Live, 3, 2, 0, 0, 0, 14_000, 6_000, 18_750, 18_750), Assert.Single(beside.Overlaps));
        Assert.Equal((1, 3, 17_000, 18_750, 27_750, 9_000), (beside.Others, beside.Orders, beside.Alone, beside.Without, beside.Together, beside.Own));
        Assert.Equal((0, 1), (beside.Lost, beside.TakenBelow));
    }

    [Fact]
    public async Task Overlap_OneGroup_TheBetterWins()
    {
        await using var room = await ASmallShop.OpenAsync();
        var group = new Combining { Group = "g" };
        await room.CampaignAsync(Quarter with { Combining = group }, CampaignStatus.Approved);
        var beside = (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Combining = group }))).Beside;

        // 80 beats 62.50; 30 does not, twice.
        var overlap = Assert.Single(beside.Overlaps);
        Assert.Equal((3, 0, 2, 1), (overlap.Orders, overlap.Both, overlap.LostToIt, overlap.ItLost));
        Assert.Equal((14_000, 8_000, 18_750, 12_500), (overlap.Alone, overlap.Own, overlap.ItsAlone, overlap.Its));
        Assert.Equal((2, 23_500, 11_000), (beside.Lost, beside.Together, beside.Own));
    }

    [Fact]
    public async Task Overlap_ExclusiveOther_ShutsItOut()
    {
        await using var room = await ASmallShop.OpenAsync();
        await room.CampaignAsync(Quarter with { Combining = new Combining { Exclusive = true } }, CampaignStatus.Live);
        var beside = (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers))).Beside;

        var overlap = Assert.Single(beside.Overlaps);
        Assert.Equal((3, 0, 2, 1), (overlap.Orders, overlap.Both, overlap.LostToIt, overlap.ItLost));
        Assert.Equal((2, 23_500), (beside.Lost, beside.Together));
    }

    [Fact]
    public async Task Overlap_ThisOneComesFirst_TakesTheOthersThreshold()
    {
        await using var room = await ASmallShop.OpenAsync();
        await room.CampaignAsync(new CampaignRules { Offer = new PercentOff { Tiers = [new PercentTier(240, 10)] } }, CampaignStatus.Live);
        var beside = (await room.ReplayAsync(await room.CampaignAsync(ASmallShop.TwoTiers with { Combining = new Combining { Priority = 5 } }))).Beside;

        // The other alone: 45, 25, 35. With this one first 370, 220 and 320 are left: 37, nothing, 32.
        var overlap = Assert.Single(beside.Overlaps);
        Assert.Equal((3, 2, 1, 10_500, 6_900), (overlap.Orders, overlap.Both, overlap.ItBelow, overlap.ItsAlone, overlap.Its));
    }

    [Fact]
    public async Task Overlap_ThoseThatCannotMeet_AreCountedAndLeftOut()
    {
        await using var room = await ASmallShop.OpenAsync();
        await room.CampaignAsync(Quarter with { Trigger = new Trigger { Code = "SHOES" } }, CampaignStatus.Live);
        await room.CampaignAsync(Quarter with { Schedule = new Schedule { Start = new DateOnly(2026, 12, 1), End = new DateOnly(2026, 12, 24) } }, CampaignStatus.Approved);
        await room.CampaignAsync(Quarter);
        await room.CampaignAsync(Quarter, CampaignStatus.Ended);
        var draft = await room.CampaignAsync(ASmallShop.TwoTiers with { Schedule = new Schedule { Start = new DateOnly(2026, 11, 1), End = new DateOnly(2026, 11, 11) } });
        var beside = (await room.ReplayAsync(draft)).Beside;

        Assert.Equal((0, 1, 1, 0), (beside.Others, beside.NeedCode, beside.OtherDates, beside.Orders));
        Assert.Empty(beside.Overlaps);
    }
}
