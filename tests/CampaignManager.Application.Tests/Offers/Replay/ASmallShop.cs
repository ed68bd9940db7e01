using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Offers.Replay;

/// <summary>
/// Three customers and a guest in September 2026, worked out by hand. With ¥30 off from ¥200 and ¥80 off from ¥400, at list prices:
/// <code>
/// order  customer  goods          list    gets    why
/// O1     C1        T              100     –       in May, before the 30 days
/// O2     C1        T×2            200      30     exactly the threshold
/// O3     C2        T, M×2         160       0     40 short, a fifth
/// O4     C2        S, T×2         450      80
/// O5     C3        S              250      30     a customer that nobody has written down
/// O6     guest     S, T           350      30     50 short of 400
/// O7     C1        T, M×3         190       0     10 short
/// O8     C2        T×0            a line without units
/// O9     C2                       no lines
/// O10    C1        T at no price, M×1
/// O11    C2        M               30       0
/// O3     C2        the same row once more
/// </code>
/// </summary>
internal static class ASmallShop
{
    public const int Read = 11;

    public static readonly CampaignRules TwoTiers = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] } };

    public static async Task<AReplayRoom> OpenAsync(int buckets = 4)
    {
        var room = await AReplayRoom.OpenAsync(buckets);
        room.Rows(LakeTable.Customers, "('C1', TIMESTAMP '2026-01-01', 'north', 'app', 'phone'), ('C2', TIMESTAMP '2026-09-01', 'south', 'app', 'phone')");
        room.Rows(LakeTable.Products, "('T', 'Tea', '茶', 'kitchen', 'Leaf', 10000, NULL), ('M', 'Mug', '杯', 'kitchen', 'Clay', 3000, NULL), ('S', 'Shoes', '鞋', 'shoes', 'Run', 25000, NULL)");
        room.Order("O1", "C1", "2026-05-01 10:00:00", 0, T(1));
        room.Order("O2", "C1", "2026-09-10 10:00:00", 1000, T(2));
        room.Order("O3", "C2", "2026-09-15 10:00:00", 1000, T(1), M(2));
        room.Order("O4", "C2", "2026-09-20 10:00:00", 0, S(1), T(2));
        room.Order("O5", "C3", "2026-09-25 10:00:00", 1000, S(1));
        room.Order("O6", null, "2026-09-26 10:00:00", 0, S(1), T(1));
        room.Order("O7", "C1", "2026-09-28 10:00:00", 1000, T(1), M(3));
        room.Order("O8", "C2", "2026-09-29 10:00:00", 1000, T(0));
        room.Order("O9", "C2", "2026-09-29 11:00:00", 1000);
        room.Order("O10", "C1", "2026-09-29 12:00:00", 1000, ("T", "kitchen", 1, null), M(1));
        room.Order("O11", "C2", "2026-09-30 12:00:00", 1000, M(1));
        room.Order("O3", "C2", "2026-09-15 10:00:00", 1000);
        room.WriteOrders();
        return room;
    }

    private static (string, string, int?, long?) T(int quantity) => ("T", "kitchen", quantity, 10_000);

    private static (string, string, int?, long?) M(int quantity) => ("M", "kitchen", quantity, 3_000);

    private static (string, string, int?, long?) S(int quantity) => ("S", "shoes", quantity, 25_000);
}
