using CampaignManager.Engine.Audiences;

namespace CampaignManager.Engine.Tests.Audiences;

public sealed class RfmTests
{
    [Fact]
    public void Score_TenCustomersAllDifferent_TwoAFifth()
    {
        double[] days = [100, 90, 80, 70, 60, 50, 40, 30, 20, 10], orders = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], spent = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

        var rfm = Rfm.Of(days, orders.Reverse(), spent);

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], days.Select(d => rfm.Score(d, 1, 1).Recency));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], orders.Select(o => rfm.Score(1, o, 1).Frequency));
        Assert.Equal("154", rfm.Score(100, 9, 40).ToString());
    }

    [Fact]
    public void Score_MostOrderedOnce_EqualCustomersHaveEqualScores()
    {
        double[] orders = [1, 1, 1, 1, 1, 1, 1, 2, 2, 9];
        var rfm = Rfm.Of(orders, orders, orders);

        Assert.Equal([1, 4, 5], new double[] { 1, 2, 9 }.Select(o => rfm.Score(o, o, o).Frequency));
        // Nine and two days ago share the worst fifth's rank, and of the seven at one day none is better than another.
        Assert.Equal([1, 1, 2], new double[] { 9, 2, 1 }.Select(o => rfm.Score(o, o, o).Recency));
    }

    [Fact]
    public void Of_NobodyOrdered_IsRefused() => Assert.Throws<ArgumentException>(() => Rfm.Of([], [], []));
}
