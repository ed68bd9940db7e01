using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Tests.Offers.TestCarts;

/// <summary>Carts as staff build them.</summary>
internal static class ACart
{
    /// <summary>One line of goods of a category.</summary>
    public static TestCart Of(decimal price, string category = "shoes", int quantity = 1, string? at = "2026-11-02T00:00:00Z", string[]? segments = null, string[]? codes = null, string? customer = null, bool countLimits = false) => new(
        new CartInput
        {
            Currency = "CNY",
            At = at is null ? null : DateTimeOffset.Parse(at),
            Customer = new CartCustomerInput { Id = customer, Segments = segments },
            Codes = codes,
            Shipping = 10,
            Lines = [new CartLineInput { Id = "1", Sku = "S-1", Categories = [category], Quantity = quantity, UnitPrice = price }],
        },
        countLimits);
}
