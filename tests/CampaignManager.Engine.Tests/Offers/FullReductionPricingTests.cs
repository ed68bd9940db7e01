using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CsCheck;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class FullReductionPricingTests
{
    private static readonly Currency Yuan = Currency.Get("CNY");
    private static readonly FullReduction Tiered = new() { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(199_99, 0)]
    [InlineData(200_00, 30_00)]
    [InlineData(399_99, 30_00)]
    [InlineData(400_00, 80_00)]
    [InlineData(10_000_00, 80_00)]
    public void Discount_Tiers_TakesTheHighestReachedOnly(long spend, long off) => Assert.Equal(off, FullReductionPricing.Discount(Tiered, spend, Yuan));

    [Theory]
    [InlineData(199_99, null, 0)]
    [InlineData(200_00, null, 30_00)]
    [InlineData(999_99, null, 120_00)]
    [InlineData(999_99, 3, 90_00)]
    [InlineData(10_000_00, null, 1500_00)]
    public void Discount_Every_CountsWholeTimes(long spend, int? maxTimes, long off) =>
        Assert.Equal(off, FullReductionPricing.Discount(new FullReduction { Every = 200, Off = 30, MaxTimes = maxTimes }, spend, Yuan));

    [Theory]
    [InlineData(10.5, null, 100_01, 10_50)] // 10.50105 rounds down
    [InlineData(50, null, 1, 1)] // half a cent goes away from zero
    [InlineData(12.5, null, 100, 13)] // 12.5 goes to 13
    [InlineData(20, 5, 100_00, 5_00)]
    [InlineData(100, null, 77_77, 77_77)]
    public void Discount_Percent_RoundsTheDiscountOnce(double percent, int? cap, long spend, long off) =>
        Assert.Equal(off, FullReductionPricing.Discount(new PercentOff { Tiers = [new PercentTier(null, (decimal)percent)], Cap = cap }, spend, Yuan));

    [Theory]
    [InlineData(98_99, 10_00, 0)]
    [InlineData(99_00, 10_00, 8_00)]
    [InlineData(99_00, 6_00, 6_00)]
    public void Discount_FreeShipping_TakesShippingUpToItsCap(long spend, long shipping, long off) =>
        Assert.Equal(off, FullReductionPricing.Discount(new FreeShipping { Spend = 99, Cap = 8 }, spend, Yuan, shipping));

    [Theory]
    [InlineData(0, 200_00, 30_00)]
    [InlineData(200_00, 400_00, 80_00)]
    [InlineData(399_99, 400_00, 80_00)]
    [InlineData(400_00, null, null)]
    public void NextStep_Tiers_NamesTheNextOne(long spend, int? next, int? off) =>
        Assert.Equal(next is null ? null : (next.Value, off!.Value), FullReductionPricing.NextStep(Tiered, spend, Yuan));

    [Fact]
    public void NextStep_EveryAtItsMost_IsNothing()
    {
        var offer = new FullReduction { Every = 200, Off = 30, MaxTimes = 2 };
        Assert.Equal((400_00, 60_00), FullReductionPricing.NextStep(offer, 250_00, Yuan));
        Assert.Null(FullReductionPricing.NextStep(offer, 400_00, Yuan));
    }

    [Fact]
    public void Discount_OffAboveSpend_StopsAtTheBasket() =>
        Assert.Equal(20_00, FullReductionPricing.Discount(new FullReduction { Tiers = [new SpendTier(20, 30)], AllowFree = true }, 20_00, Yuan));

    [Fact]
    public void Discount_NoDigitsAfterThePoint_WorksInWholeYen() =>
        Assert.Equal(300, FullReductionPricing.Discount(new FullReduction { Tiers = [new SpendTier(2000, 300)] }, 2000, Currency.Get("JPY")));

    [Fact]
    public void Discount_AnyTiersAndBasket_NeverExceedsTheBasketNorFallsWithSpend() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 500], Gen.Int[1, 500], Gen.Long[0, 200_000_00], Gen.Long[0, 1000_00]).Sample((step, off, more, spend, extra) =>
        {
            var offer = new FullReduction { Tiers = [new SpendTier(step, off), new SpendTier(step * 2, off + more)], AllowFree = true };
            var (one, two) = (FullReductionPricing.Discount(offer, spend, Yuan), FullReductionPricing.Discount(offer, spend + extra, Yuan));
            return one >= 0 && one <= spend && two >= one;
        });

    [Fact]
    public void Discount_EveryWithHugeSpend_DoesNotOverflow() =>
        Assert.Equal(long.MaxValue, FullReductionPricing.Discount(new FullReduction { Every = 0.01m, Off = 1_000_000, AllowFree = true }, long.MaxValue, Yuan));
}
