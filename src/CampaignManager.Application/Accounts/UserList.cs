using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Accounts;

public sealed record UserRow(string Id, string Email, string Name, IReadOnlyList<string> Roles, bool Disabled, bool MustChangePassword, DateTime CreatedAt, DateTime? LastSignInAt, bool SeesCustomers = false);

/// <summary>Whose accounts to show: those with a role (all when null), and those who may sign in or not (both when null).</summary>
public sealed record UserFilter(string? Role = null, bool? Disabled = null);

/// <summary>The list of accounts, for admins.</summary>
public sealed class UserList(IDbContextFactory<AppDbContext> contexts)
{
    public async Task<Outcome<Paged<UserRow>>> ListAsync(PageRequest page, UserFilter filter, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin sees accounts.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var users = context.Users.AsNoTracking();
        if (page.Query?.Trim() is { Length: > 0 } text)
        {
            var pattern = Like.Contains(text);
            users = users.Where(u => EF.Functions.Like(u.DisplayName, pattern, Like.Escape) || EF.Functions.Like(u.Email!, pattern, Like.Escape));
        }

        if (filter.Disabled is { } disabled)
            users = users.Where(u => u.Disabled == disabled);
        if (filter.Role is { } role)
            users = users.Where(u => context.UserRoles.Any(ur => ur.UserId == u.Id && context.Roles.Any(r => r.Id == ur.RoleId && r.Name == role)));
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("email", false) => users.OrderBy(u => u.Email),
            ("email", true) => users.OrderByDescending(u => u.Email),
            ("lastSignInAt", false) => users.OrderBy(u => u.LastSignInAt),
            ("lastSignInAt", true) => users.OrderByDescending(u => u.LastSignInAt),
            ("createdAt", false) => users.OrderBy(u => u.CreatedAt),
            ("createdAt", true) => users.OrderByDescending(u => u.CreatedAt),
            ("name", true) => users.OrderByDescending(u => u.DisplayName),
            _ => users.OrderBy(u => u.DisplayName),
        };
        var rows = await sorted.ThenBy(u => u.Id).Skip(page.Skip).Take(page.Take)
            .Select(u => new
            {
                User = u,
                Roles = context.UserRoles.Where(ur => ur.UserId == u.Id).Join(context.Roles, ur => ur.RoleId, r => r.Id, (_, r) => r.Name!).ToList(),
                Granted = context.UserClaims.Any(c => c.UserId == u.Id && c.ClaimType == Rights.ClaimType && c.ClaimValue == Rights.Customers),
            })
            .ToListAsync(cancellationToken);
        var items = rows.Select(r => new UserRow(
            r.User.Id, r.User.Email ?? "", r.User.DisplayName, Roles.All.Where(r.Roles.Contains).ToList(), r.User.Disabled, r.User.MustChangePassword,
            r.User.CreatedAt, r.User.LastSignInAt, r.Granted || r.Roles.Contains(Roles.Admin))).ToList();
        return new Paged<UserRow>(items, await users.CountAsync(cancellationToken));
    }
}
