using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Tests.Audiences;

public sealed class KnownSegmentsTests
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    [Fact]
    public void All_HasEveryLifecycleAndRank_InTheOrderPeopleReadThem()
    {
        Assert.Equal([.. LifecycleRules.All.Select(l => l.Key()), .. UpliftSegments.Keys], KnownSegments.All.Select(s => s.Key));
        Assert.Equal(KnownSegments.All.Select((_, i) => i), KnownSegments.All.Select(s => KnownSegments.PlaceOf(s.Key)));
    }

    [Fact]
    public void All_NamesAndMeanings_AreThereInBothLanguagesAndTellSegmentsApart()
    {
        foreach (var text in KnownSegments.All.SelectMany(s => new[] { s.Name, s.Means }).Concat(KnownCategories.Keys.Select(KnownCategories.NameOf)))
        {
            Assert.False(string.IsNullOrWhiteSpace(text.En));
            Assert.DoesNotContain(text.En, c => c > 0x2000);
            Assert.Contains(text.Zh, c => c is >= '\u4e00' and <= '\u9fff');
        }

        foreach (var culture in new[] { English, Chinese })
        {
            Assert.Distinct(KnownSegments.All.Select(s => s.Name.In(culture)));
            Assert.Distinct(KnownSegments.All.Select(s => s.Means.In(culture)));
        }
    }

    [Theory]
    [InlineData("loyal", SegmentKind.Lifecycle, "Loyal", "忠实客户")]
    [InlineData("uplift:top30", SegmentKind.Uplift, "Uplift in top 30%", "增量前30%")]
    [InlineData("favourite:shoes", SegmentKind.Favourite, "Favourite: Shoes", "偏好鞋靴")]
    [InlineData("favourite:widgets", SegmentKind.Favourite, "Favourite: widgets", "偏好widgets")]
    [InlineData("vip", SegmentKind.Favourite, "vip", "vip")]
    public void Find_AnyKey_HasItsKindAndNames(string key, SegmentKind kind, string english, string chinese)
    {
        var found = KnownSegments.Find(key);
        Assert.Equal((kind, english, chinese), (found.Kind, found.Name.In(English), found.Name.In(Chinese)));
    }

    // What is told of a lifecycle is what decides.
    [Fact]
    public void Means_OfALifecycle_NamesTheDaysAndOrdersThatDecide()
    {
        Assert.Contains($"{LifecycleRules.NewDays} days", KnownSegments.Find("new").Means.En, StringComparison.Ordinal);
        Assert.Contains($"{LifecycleRules.LoyalOrders}单", KnownSegments.Find("loyal").Means.Zh, StringComparison.Ordinal);
        Assert.Contains($"{LifecycleRules.ActiveDays} to {LifecycleRules.LapsingDays}", KnownSegments.Find("lapsing").Means.En, StringComparison.Ordinal);
    }
}
