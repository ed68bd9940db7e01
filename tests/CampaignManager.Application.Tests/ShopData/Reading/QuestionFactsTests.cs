using CampaignManager.Application.ShopData.Reading;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>What a question found comes along by itself, so that it can be said in any language.</summary>
public sealed class QuestionFactsTests
{
    private const string Head = "order_id,order_date,customer_id,currency,sku,quantity,price,total\n";

    [Fact]
    public void DoNotAddUp_Asked_NamesHowManyAndTheLargest()
    {
        using var files = OrdersOf.Files(Head + string.Concat(Enumerable.Range(1, 60).Select(i =>
            $"{i},2025-05-{(i % 28) + 1:00} 10:00:00,c{i % 7},EUR,A,2,10.00,{(i < 4 ? 25 + i : 20)}.00\n")));
        var question = Assert.Single(files.Plan().Questions);
        Assert.Equal((3L, 60L, "3", "8.00 EUR"), (question.Counts[0], question.Counts[1], question.Facts[0], question.Facts[1]));
    }

    [Fact]
    public void CurrencyMixed_OneChosen_RejectsTheOthers()
    {
        using var files = OrdersOf.Files(Head
            + "1,2025-05-01 10:00:00,c1,EUR,A,1,10.00,10.00\n2,2025-05-02 10:00:00,c2,USD,A,1,12.00,12.00\n3,2025-05-03 10:00:00,c1,EUR,A,1,10.00,10.00\n");
        var question = Assert.Single(files.Plan().Questions);
        Assert.Equal(("currency-mixed", "EUR, USD"), (question.Code, Assert.Single(question.Facts)));
        var kept = files.Read(answers: ("currency-mixed", "EUR"));
        Assert.Equal(["1", "3"], kept.Select(o => o.Id));
        Assert.Equal(["other-currency"], files.Rejects.Rows.Select(r => r.Reason));
    }
}
